import { method } from '../../rpc/method.ts'
import { pinSaved, savedPeer } from './dialogs.ts'

export default method(
  'messages.toggleSavedDialogPin',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await pinSaved(tx, savedPeer(tx, req.peer), req.pinned ?? false)
      return true
    }),
  { flood: 'write' },
)
