import { method } from '../../rpc/method.ts'
import { browserSettings } from './browser.ts'

export default method(
  'account.updateWebBrowserSettings',
  (ctx, { openExternalBrowser, displayCloseButton }) =>
    ctx.transact(async (tx) => {
      const set = { open_external: openExternalBrowser ? 1 : 0, close_button: displayCloseButton ? 1 : 0 }
      await tx.trx
        .insertInto('web_browser')
        .values({ owner: tx.userId, ...set })
        .onConflict((c) => c.column('owner').doUpdateSet(set))
        .execute()
      const update = { openExternalBrowser, displayCloseButton, _: 'updateWebBrowserSettings' as const }
      await tx.publish(tx.userId, { kind: 'update', update })
      return browserSettings(tx)
    }),
  { flood: 'write' },
)
