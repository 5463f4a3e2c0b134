import { access } from '../../domain/access.ts'
import {
  community,
  communityRights,
  linkedChannels,
  lockCommunity,
  mustInCommunity,
  setCommunityMember,
} from '../../domain/communities.ts'
import { keepOut, letBack } from '../../domain/community-links.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Keeps somebody out of a community and all its chats, or lets them come again. */
export default method(
  'communities.toggleParticipantBanned',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const ref = await lockCommunity(tx, (await community(tx, req.community)).id)
      mustInCommunity(tx, ref, 'banUsers')
      const peer = await access.peer(tx, req.participant)
      if (peer.kind !== 'user') throw new RpcError('PARTICIPANT_ID_INVALID')
      const own = await tx.trx
        .selectFrom('community_member')
        .selectAll()
        .where('community', '=', ref.id)
        .where('user_id', '=', peer.id)
        .executeTakeFirst()
      const leads = communityRights({ ...ref, member: own }, peer.id) !== undefined
      if (peer.self || leads) throw new RpcError('USER_ADMIN_INVALID')
      const banned = req.unban ? 0 : 1
      if ((own?.banned ?? 0) === banned) return true
      await setCommunityMember(tx, ref.id, peer.id, { banned })
      const change = req.unban ? letBack : keepOut
      for (const id of (await linkedChannels(tx, ref.id)).sort((a, b) => a - b)) await change(tx, id, peer.id)
      return true
    }),
  { flood: 'write' },
)
