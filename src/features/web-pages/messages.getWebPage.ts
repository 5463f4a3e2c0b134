import { complete } from '../../domain/complete.ts'
import { awaitPage, pageOf, viewPage, webUrl } from '../../domain/web/pages.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.getWebPage',
  async (ctx, req) => {
    const url = webUrl(req.url)
    if (url === undefined) throw new RpcError('WC_CONVERT_URL_INVALID')
    return complete<tl.messages_webPage>(ctx, {
      _: 'messages.webPage',
      webpage: ctx.app.config.linkPreviews ? await page(url) : { _: 'webPageEmpty', id: 0n, url },
      chats: [],
      users: [],
    })

    async function page(address: string): Promise<tl.WebPage> {
      const row = await pageOf(ctx, address)
      await ctx.transact((tx) => awaitPage(tx, row, { owner: ctx.userId, peer: ctx.userId, origin: 0 }))
      const webpage = viewPage(ctx, row)
      const known = webpage._ === 'webPage' && req.hash !== 0 && webpage.hash === req.hash
      return known ? { _: 'webPageNotModified' } : webpage
    }
  },
  { flood: 'search' },
)
