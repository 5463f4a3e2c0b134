import channelsToggleAutotranslation from './channels.toggleAutotranslation.ts'
import messagesTogglePeerTranslations from './messages.togglePeerTranslations.ts'
import messagesTranslateRichMessage from './messages.translateRichMessage.ts'
import messagesTranslateText from './messages.translateText.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  channelsToggleAutotranslation,
  messagesTogglePeerTranslations,
  messagesTranslateRichMessage,
  messagesTranslateText,
]
