import channelsGetMessageAuthor from './channels.getMessageAuthor.ts'
import messagesDeleteSavedHistory from './messages.deleteSavedHistory.ts'
import messagesGetDefaultTagReactions from './messages.getDefaultTagReactions.ts'
import messagesGetPinnedSavedDialogs from './messages.getPinnedSavedDialogs.ts'
import messagesGetSavedDialogs from './messages.getSavedDialogs.ts'
import messagesGetSavedDialogsByID from './messages.getSavedDialogsByID.ts'
import messagesGetSavedHistory from './messages.getSavedHistory.ts'
import messagesGetSavedReactionTags from './messages.getSavedReactionTags.ts'
import messagesReadSavedHistory from './messages.readSavedHistory.ts'
import messagesReorderPinnedSavedDialogs from './messages.reorderPinnedSavedDialogs.ts'
import messagesToggleSavedDialogPin from './messages.toggleSavedDialogPin.ts'
import messagesUpdateSavedReactionTag from './messages.updateSavedReactionTag.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  channelsGetMessageAuthor,
  messagesDeleteSavedHistory,
  messagesGetDefaultTagReactions,
  messagesGetPinnedSavedDialogs,
  messagesGetSavedDialogs,
  messagesGetSavedDialogsByID,
  messagesGetSavedHistory,
  messagesGetSavedReactionTags,
  messagesReadSavedHistory,
  messagesReorderPinnedSavedDialogs,
  messagesToggleSavedDialogPin,
  messagesUpdateSavedReactionTag,
]
