import { complete } from '../../domain/complete.ts'
import { composeText } from '../../domain/outgoing.ts'
import { awaitPage, pageMedia, pageOf, viewPage } from '../../domain/web/pages.ts'
import { firstUrl } from '../../domain/web/previews.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.getWebPagePreview',
  async (ctx, req) => {
    const { text, entities } = await composeText(ctx, req.message, req.entities)
    if (text === '') throw new RpcError('MESSAGE_EMPTY')
    const url = ctx.app.config.linkPreviews ? firstUrl(text, entities) : undefined
    return complete<tl.messages_webPagePreview>(ctx, {
      _: 'messages.webPagePreview',
      media: url === undefined ? { _: 'messageMediaEmpty' } : await media(url),
      chats: [],
      users: [],
    })

    async function media(address: string): Promise<tl.MessageMedia> {
      const row = await pageOf(ctx, address)
      await ctx.transact((tx) => awaitPage(tx, row, { owner: ctx.userId, peer: ctx.userId, origin: 0 }))
      const webpage = viewPage(ctx, row)
      return webpage._ === 'webPageEmpty' ? { _: 'messageMediaEmpty' } : { ...pageMedia(row), webpage }
    }
  },
  { flood: 'search' },
)
