import communitiesCreate from './communities.create.ts'
import communitiesGetJoinedCommunities from './communities.getJoinedCommunities.ts'
import communitiesGetParticipantJoinedChats from './communities.getParticipantJoinedChats.ts'
import communitiesGetPeerLinkRequests from './communities.getPeerLinkRequests.ts'
import communitiesToggleAllPeerLinkRequestApproval from './communities.toggleAllPeerLinkRequestApproval.ts'
import communitiesToggleCommunityCollapsedInDialogs from './communities.toggleCommunityCollapsedInDialogs.ts'
import communitiesToggleParticipantBanned from './communities.toggleParticipantBanned.ts'
import communitiesTogglePeerLink from './communities.togglePeerLink.ts'
import communitiesTogglePeerLinkRequestApproval from './communities.togglePeerLinkRequestApproval.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  communitiesCreate,
  communitiesGetJoinedCommunities,
  communitiesGetParticipantJoinedChats,
  communitiesGetPeerLinkRequests,
  communitiesToggleAllPeerLinkRequestApproval,
  communitiesToggleCommunityCollapsedInDialogs,
  communitiesToggleParticipantBanned,
  communitiesTogglePeerLink,
  communitiesTogglePeerLinkRequestApproval,
]
