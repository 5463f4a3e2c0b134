import { atRest } from '../../domain/message-view.ts'
import { method } from '../../rpc/method.ts'
import type { DownloadPreset } from './defaults.ts'

export default method(
  'account.saveAutoDownloadSettings',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const preset: DownloadPreset = req.low ? 'low' : req.high ? 'high' : 'medium'
      const row = { tl: atRest(req.settings) }
      await tx.trx
        .insertInto('auto_download')
        .values({ owner: tx.userId, preset, ...row })
        .onConflict((c) => c.columns(['owner', 'preset']).doUpdateSet(row))
        .execute()
      return true
    }),
  { flood: 'write' },
)
