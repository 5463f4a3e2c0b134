import { method } from '../../rpc/method.ts'
import { browserSettings, exceptions, viewException } from './browser.ts'

export default method(
  'account.deleteWebBrowserSettingsExceptions',
  (ctx) =>
    ctx.transact(async (tx) => {
      const rows = await exceptions(tx)
      await tx.trx.deleteFrom('web_browser_exception').where('owner', '=', tx.userId).execute()
      for (const row of rows) {
        const update = { _: 'updateWebBrowserException' as const, delete: true, exception: viewException(row) }
        await tx.publish(tx.userId, { kind: 'update', update })
      }
      return browserSettings(tx)
    }),
  { flood: 'write' },
)
