import { RpcError } from '../../rpc/errors.ts'
import { schedule } from '../../rpc/jobs.ts'
import { method } from '../../rpc/method.ts'
import { importTarget, jobOf, openImport } from './imports.ts'

export default method(
  'messages.startHistoryImport',
  async (ctx, req) => {
    const peer = await importTarget(ctx, req.peer)
    const row = await openImport(ctx, peer, req.importId)
    await ctx.transact(async (tx) => {
      const begun = await tx.trx
        .updateTable('history_import')
        .set({ started: 1 })
        .where('owner', '=', row.owner)
        .where('id', '=', row.id)
        .where('started', '=', 0)
        .executeTakeFirst()
      if (begun.numUpdatedRows === 0n) throw new RpcError('IMPORT_ID_INVALID')
      await schedule(tx, { ...jobOf(row), dueAt: tx.now })
    })
    return true
  },
  { flood: 'write' },
)
