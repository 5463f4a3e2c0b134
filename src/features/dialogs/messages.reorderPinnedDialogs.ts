import { checkFolder } from '../../domain/dialogs.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { accessEntry, type Entry, reorderPins } from './pins.ts'

/** Entries in one call; the archive may be among them. */
const MOST = 1001

export default method(
  'messages.reorderPinnedDialogs',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const folder = checkFolder(req.folderId)
      if (req.order.length > MOST) throw new RpcError('LIMIT_INVALID')
      const entries: Entry[] = []
      for (const input of req.order) entries.push(await accessEntry(tx, input))
      await reorderPins(tx, folder, entries, req.force ?? false)
      return true
    }),
  { flood: 'write' },
)
