import { inherit } from '../../domain/channel-heirs.ts'
import type { JobRunner } from '../../rpc/jobs.ts'
import channelsCreateChannel from './channels.createChannel.ts'
import channelsDeleteChannel from './channels.deleteChannel.ts'
import channelsDeleteHistory from './channels.deleteHistory.ts'
import channelsDeleteMessages from './channels.deleteMessages.ts'
import channelsDeleteParticipantHistory from './channels.deleteParticipantHistory.ts'
import channelsEditAdmin from './channels.editAdmin.ts'
import channelsEditBanned from './channels.editBanned.ts'
import channelsEditLocation from './channels.editLocation.ts'
import channelsEditPhoto from './channels.editPhoto.ts'
import channelsEditTitle from './channels.editTitle.ts'
import channelsExportMessageLink from './channels.exportMessageLink.ts'
import channelsGetAdminedPublicChannels from './channels.getAdminedPublicChannels.ts'
import channelsGetAdminLog from './channels.getAdminLog.ts'
import channelsGetChannelRecommendations from './channels.getChannelRecommendations.ts'
import channelsGetChannels from './channels.getChannels.ts'
import channelsGetFullChannel from './channels.getFullChannel.ts'
import channelsGetGroupsForDiscussion from './channels.getGroupsForDiscussion.ts'
import channelsGetInactiveChannels from './channels.getInactiveChannels.ts'
import channelsGetMessages from './channels.getMessages.ts'
import channelsGetParticipant from './channels.getParticipant.ts'
import channelsGetParticipants from './channels.getParticipants.ts'
import channelsInviteToChannel from './channels.inviteToChannel.ts'
import channelsJoinChannel from './channels.joinChannel.ts'
import channelsLeaveChannel from './channels.leaveChannel.ts'
import channelsReadHistory from './channels.readHistory.ts'
import channelsReadMessageContents from './channels.readMessageContents.ts'
import channelsSetDiscussionGroup from './channels.setDiscussionGroup.ts'
import channelsSetStickers from './channels.setStickers.ts'
import channelsToggleParticipantsHidden from './channels.toggleParticipantsHidden.ts'
import channelsTogglePreHistoryHidden from './channels.togglePreHistoryHidden.ts'
import channelsToggleSignatures from './channels.toggleSignatures.ts'
import channelsToggleSlowMode from './channels.toggleSlowMode.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  channelsCreateChannel,
  channelsDeleteChannel,
  channelsDeleteHistory,
  channelsDeleteMessages,
  channelsDeleteParticipantHistory,
  channelsEditAdmin,
  channelsEditBanned,
  channelsEditLocation,
  channelsEditPhoto,
  channelsEditTitle,
  channelsExportMessageLink,
  channelsGetAdminLog,
  channelsGetAdminedPublicChannels,
  channelsGetChannelRecommendations,
  channelsGetChannels,
  channelsGetFullChannel,
  channelsGetGroupsForDiscussion,
  channelsGetInactiveChannels,
  channelsGetMessages,
  channelsGetParticipant,
  channelsGetParticipants,
  channelsInviteToChannel,
  channelsJoinChannel,
  channelsLeaveChannel,
  channelsReadHistory,
  channelsReadMessageContents,
  channelsSetDiscussionGroup,
  channelsSetStickers,
  channelsToggleParticipantsHidden,
  channelsTogglePreHistoryHidden,
  channelsToggleSignatures,
  channelsToggleSlowMode,
]

/** What is due at a time: a creator who has left does not come back. */
export const jobs: Record<string, JobRunner> = { 'channels.inherit': inherit }
