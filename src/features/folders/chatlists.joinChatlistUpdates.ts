import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { inviteBySlug, joinedRow } from './chatlists.ts'
import { ownFilter } from './filters.ts'
import { followChatlist } from './join-chatlist.ts'

/** https://core.telegram.org/method/chatlists.joinChatlistUpdates */
export default method(
  'chatlists.joinChatlistUpdates',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { id } = await ownFilter(tx, req.chatlist.filterId)
      const joined = await joinedRow(tx, id)
      const invite = joined && (await inviteBySlug(tx, joined.slug))
      // The link that the folder came by is gone, or it is the caller's own folder.
      if (!invite) throw new RpcError('FILTER_ID_INVALID')
      return followChatlist(tx, invite, req.peers)
    }),
  { flood: 'write' },
)
