import { method } from '../../rpc/method.ts'
import { accessEntry, setPinned } from './pins.ts'

export default method(
  'messages.toggleDialogPin',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await setPinned(tx, await accessEntry(tx, req.peer), req.pinned ?? false)
      return true
    }),
  { flood: 'write' },
)
