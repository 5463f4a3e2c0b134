import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { reorderSaved, SAVED_PINNED, savedPeer } from './dialogs.ts'

export default method(
  'messages.reorderPinnedSavedDialogs',
  async (ctx, req) => {
    if (req.order.length > SAVED_PINNED) throw new RpcError('PINNED_DIALOGS_TOO_MUCH')
    const peers = req.order.map((entry) => savedPeer(ctx, entry))
    await ctx.transact((tx) => reorderSaved(tx, peers, req.force ?? false))
    return true
  },
  { flood: 'write' },
)
