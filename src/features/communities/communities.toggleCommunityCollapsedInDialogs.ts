import { community, isInCommunity, setCommunityMember } from '../../domain/communities.ts'
import { asUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Folds a community's chats up into one entry of the caller's list of dialogs, or shows them by themselves again. */
export default method(
  'communities.toggleCommunityCollapsedInDialogs',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const ref = await community(tx, req.community)
      if (!(await isInCommunity(tx, ref))) throw new RpcError('USER_NOT_PARTICIPANT')
      await setCommunityMember(tx, ref.id, tx.userId, req.collapsed ? { collapsed: 1 } : { collapsed: 0, pinned: 0 })
      return asUpdates(tx, [{ _: 'updateChannel', channelId: ref.id }])
    }),
  { flood: 'write' },
)
