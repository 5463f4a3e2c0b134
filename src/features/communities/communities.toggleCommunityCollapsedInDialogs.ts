import { community, isInCommunity, setCommunityMember } from '../../domain/communities.ts'
import { asUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Folds a community's chats up among the caller's dialogs: their clients show them so. */
export default method(
  'communities.toggleCommunityCollapsedInDialogs',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const ref = await community(tx, req.community)
      if (!(await isInCommunity(tx, ref))) throw new RpcError('USER_NOT_PARTICIPANT')
      await setCommunityMember(tx, ref.id, tx.userId, { collapsed: req.collapsed ? 1 : 0 })
      return asUpdates(tx, [{ _: 'updateChannel', channelId: ref.id }])
    }),
  { flood: 'write' },
)
