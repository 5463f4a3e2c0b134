import { access } from '../../domain/access.ts'
import { community, joinedChats, mustInCommunity } from '../../domain/communities.ts'
import { complete } from '../../domain/complete.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Which of a community's chats somebody is in: of oneself, or as an administrator who may ban of anybody. */
export default method(
  'communities.getParticipantJoinedChats',
  async (ctx, req) => {
    const ref = await community(ctx, req.community)
    const peer = await access.peer(ctx, req.participant)
    if (peer.kind !== 'user') throw new RpcError('PARTICIPANT_ID_INVALID')
    if (!peer.self) mustInCommunity(ctx, ref, 'banUsers')
    const rows = await joinedChats(ctx, ref.id, peer.id)
    return complete<tl.communities_participantJoinedChats>(ctx, {
      _: 'communities.participantJoinedChats',
      creatorChatIds: rows.filter((row) => row.creator === peer.id).map((row) => row.id),
      joinedChatIds: rows.map((row) => row.id),
      chats: [],
      users: [],
    })
  },
  { flood: 'read' },
)
