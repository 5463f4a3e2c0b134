import { composeText, mentionedBy, outgoing, sendOut } from '../../domain/outgoing.ts'
import { richContent } from '../../domain/rich/content.ts'
import { maySend } from '../../domain/rights.ts'
import { previewOf } from '../../domain/web/previews.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.sendMessage',
  async (ctx, req) => {
    if (req.randomId === 0n) throw new RpcError('RANDOM_ID_EMPTY')
    const out = await outgoing(ctx, req)
    if (req.richMessage) {
      return sendOut(ctx, out, [{ ...(await richContent(ctx, out.peer, req.richMessage)), randomId: req.randomId }])
    }
    const { text, entities } = await composeText(ctx, req.message, req.entities)
    if (text === '') throw new RpcError('MESSAGE_EMPTY')
    await maySend(ctx, out.peer, ['sendPlain'])
    const mentions = await mentionedBy(ctx, out.peer, text, entities)
    const media = req.noWebpage ? undefined : await previewOf(ctx, out.peer, text, entities)
    return sendOut(ctx, out, [{ text, entities, media, mentions, randomId: req.randomId }])
  },
  { flood: 'send' },
)
