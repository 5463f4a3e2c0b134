import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { inviteBySlug } from './chatlists.ts'
import { followChatlist } from './join-chatlist.ts'

/** https://core.telegram.org/method/chatlists.joinChatlistInvite */
export default method(
  'chatlists.joinChatlistInvite',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (req.slug === '') throw new RpcError('INVITE_SLUG_EMPTY')
      const invite = await inviteBySlug(tx, req.slug)
      if (!invite) throw new RpcError('INVITE_SLUG_EXPIRED')
      return followChatlist(tx, invite, req.peers)
    }),
  { flood: 'write' },
)
