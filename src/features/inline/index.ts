import messagesSetBotCallbackAnswer from './messages.setBotCallbackAnswer.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [messagesSetBotCallbackAnswer]
