import accountFinishTakeoutSession from './account.finishTakeoutSession.ts'
import accountInitTakeoutSession from './account.initTakeoutSession.ts'
import channelsGetLeftChannels from './channels.getLeftChannels.ts'
import messagesGetSplitRanges from './messages.getSplitRanges.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountFinishTakeoutSession,
  accountInitTakeoutSession,
  channelsGetLeftChannels,
  messagesGetSplitRanges,
]
