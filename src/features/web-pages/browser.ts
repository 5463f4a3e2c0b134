import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { atRest } from '../../domain/message-view.ts'
import type { Ctx } from '../../rpc/context.ts'
import type { Tables } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'

export type ExceptionRow = Selectable<Tables['web_browser_exception']>

export const viewException = ({ domain, url, title }: ExceptionRow): tl.webDomainException => ({
  _: 'webDomainException',
  domain,
  url,
  title,
})

/** The sites that the caller has made exceptions of, in the order in which they did. */
export function exceptions(ctx: Ctx): Promise<ExceptionRow[]> {
  return ctx.db
    .selectFrom('web_browser_exception')
    .selectAll()
    .where('owner', '=', ctx.userId)
    .orderBy('rank')
    .orderBy('domain')
    .execute()
}

/** https://core.telegram.org/constructor/account.webBrowserSettings */
export async function browserSettings(ctx: Ctx): Promise<tl.account_webBrowserSettings> {
  const row = await ctx.db.selectFrom('web_browser').selectAll().where('owner', '=', ctx.userId).executeTakeFirst()
  const rows = await exceptions(ctx)
  const settings: tl.account_webBrowserSettings = {
    _: 'account.webBrowserSettings',
    openExternalBrowser: row?.open_external === 1 || undefined,
    displayCloseButton: row?.close_button === 1 || undefined,
    externalExceptions: rows.filter((one) => one.open_external === 1).map(viewException),
    inappExceptions: rows.filter((one) => one.open_external === 0).map(viewException),
    hash: 0n,
  }
  settings.hash = createHash('sha256').update(atRest(settings)).digest().readBigInt64LE()
  return settings
}
