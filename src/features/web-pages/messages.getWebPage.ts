import { complete } from '../../domain/complete.ts'
import { articleRow, countOpened, viewArticle } from '../../domain/web/articles.ts'
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
      const views = await ctx.transact(async (tx) => {
        await awaitPage(tx, row, { owner: ctx.userId, peer: ctx.userId, origin: 0 })
        return countOpened(tx, row.id)
      })
      const webpage = viewPage(ctx, row)
      if (webpage._ !== 'webPage') return webpage
      if (req.hash !== 0 && webpage.hash === req.hash) {
        return { _: 'webPageNotModified', cachedPageViews: views || undefined }
      }
      // Messages say only that there is an article: this is where clients get it.
      const article = webpage.cachedPage && (await articleRow(ctx, row.id))
      return article ? { ...webpage, cachedPage: viewArticle(ctx, article) } : webpage
    }
  },
  { flood: 'search' },
)
