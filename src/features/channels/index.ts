import channelsCreateChannel from './channels.createChannel.ts'
import channelsDeleteMessages from './channels.deleteMessages.ts'
import channelsGetChannels from './channels.getChannels.ts'
import channelsGetFullChannel from './channels.getFullChannel.ts'
import channelsGetMessages from './channels.getMessages.ts'
import channelsInviteToChannel from './channels.inviteToChannel.ts'
import channelsJoinChannel from './channels.joinChannel.ts'
import channelsLeaveChannel from './channels.leaveChannel.ts'
import channelsReadHistory from './channels.readHistory.ts'
import channelsReadMessageContents from './channels.readMessageContents.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  channelsCreateChannel,
  channelsDeleteMessages,
  channelsGetChannels,
  channelsGetFullChannel,
  channelsGetMessages,
  channelsInviteToChannel,
  channelsJoinChannel,
  channelsLeaveChannel,
  channelsReadHistory,
  channelsReadMessageContents,
]
