import { asUpdates } from '../../domain/sent.ts'
import { webUrl } from '../../domain/web/pages.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { type ExceptionRow, exceptions, viewException } from './browser.ts'

/** Sites of one account; the oldest exception goes when there are more. */
const MOST = 200

export default method(
  'account.toggleWebBrowserSettingsException',
  async (ctx, req) => {
    const url = webUrl(req.url)
    if (url === undefined) throw new RpcError('URL_INVALID')
    const domain = new URL(url).hostname.replace(/^www\./, '')
    return ctx.transact(async (tx) => {
      const open = req.openExternalBrowser === true
      const before = await exceptions(tx)
      const known = before.find((row) => row.domain === domain)
      const table = tx.trx
      const row: ExceptionRow = {
        owner: tx.userId,
        domain,
        url,
        title: domain,
        open_external: open ? 1 : 0,
        rank: known?.rank ?? (before.at(-1)?.rank ?? 0) + 1,
      }
      const gone = req.delete ? [domain] : known || before.length < MOST ? [] : [before[0]!.domain]
      if (gone.length > 0) {
        await table
          .deleteFrom('web_browser_exception')
          .where('owner', '=', tx.userId)
          .where('domain', 'in', gone)
          .execute()
      }
      if (!req.delete) {
        await table
          .insertInto('web_browser_exception')
          .values(row)
          .onConflict((c) => c.columns(['owner', 'domain']).doUpdateSet({ url, open_external: row.open_external }))
          .execute()
      }
      const update: tl.updateWebBrowserException = {
        _: 'updateWebBrowserException',
        delete: req.delete || undefined,
        openExternalBrowser: req.delete ? undefined : open,
        exception: viewException(req.delete && known ? known : row),
      }
      await tx.publish(tx.userId, { kind: 'update', update })
      return asUpdates(tx, [update])
    })
  },
  { flood: 'write' },
)
