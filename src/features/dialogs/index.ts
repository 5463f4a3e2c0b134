import messagesGetDialogs from './messages.getDialogs.ts'
import messagesGetDialogUnreadMarks from './messages.getDialogUnreadMarks.ts'
import messagesGetOnlines from './messages.getOnlines.ts'
import messagesGetPeerDialogs from './messages.getPeerDialogs.ts'
import messagesGetPeerSettings from './messages.getPeerSettings.ts'
import messagesGetPinnedDialogs from './messages.getPinnedDialogs.ts'
import messagesHidePeerSettingsBar from './messages.hidePeerSettingsBar.ts'
import messagesMarkDialogUnread from './messages.markDialogUnread.ts'
import messagesReorderPinnedDialogs from './messages.reorderPinnedDialogs.ts'
import messagesSendScreenshotNotification from './messages.sendScreenshotNotification.ts'
import messagesSetHistoryTTL from './messages.setHistoryTTL.ts'
import messagesSetTyping from './messages.setTyping.ts'
import messagesToggleDialogPin from './messages.toggleDialogPin.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  messagesGetDialogUnreadMarks,
  messagesGetDialogs,
  messagesGetOnlines,
  messagesGetPeerDialogs,
  messagesGetPeerSettings,
  messagesGetPinnedDialogs,
  messagesHidePeerSettingsBar,
  messagesMarkDialogUnread,
  messagesReorderPinnedDialogs,
  messagesSendScreenshotNotification,
  messagesSetHistoryTTL,
  messagesSetTyping,
  messagesToggleDialogPin,
]
