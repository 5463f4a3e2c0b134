import ephemeralDeleteAllWelcomeMessages from './ephemeral.deleteAllWelcomeMessages.ts'
import ephemeralDeleteMessage from './ephemeral.deleteMessage.ts'
import ephemeralDeleteWelcomeMessage from './ephemeral.deleteWelcomeMessage.ts'
import ephemeralEditMessage from './ephemeral.editMessage.ts'
import ephemeralGetCallbackAnswer from './ephemeral.getCallbackAnswer.ts'
import ephemeralGetWelcomeMessages from './ephemeral.getWelcomeMessages.ts'
import ephemeralReportMessage from './ephemeral.reportMessage.ts'
import ephemeralSendMessage from './ephemeral.sendMessage.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  ephemeralDeleteAllWelcomeMessages,
  ephemeralDeleteMessage,
  ephemeralDeleteWelcomeMessage,
  ephemeralEditMessage,
  ephemeralGetCallbackAnswer,
  ephemeralGetWelcomeMessages,
  ephemeralReportMessage,
  ephemeralSendMessage,
]
