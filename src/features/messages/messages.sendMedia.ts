import { mayPlacePoll } from '../../domain/make-poll.ts'
import { makeMedia } from '../../domain/media.ts'
import { composeText, mentionedBy, type Outgoing, outgoing, sendOut } from '../../domain/outgoing.ts'
import { maySend, sendAction } from '../../domain/rights.ts'
import { chosenPreview } from '../../domain/web/previews.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.sendMedia',
  async (ctx, req) => {
    if (req.randomId === 0n) throw new RpcError('RANDOM_ID_EMPTY')
    const out = await outgoing(ctx, req)
    if (req.media._ === 'inputMediaWebPage') return sendWithPage(ctx, out, req, req.media)
    const { text, entities } = await composeText(ctx, req.message, req.entities, true)
    const media = await makeMedia(ctx, req.media)
    if (media._ === 'messageMediaEmpty') throw new RpcError('MEDIA_EMPTY')
    // What goes when it was seen is for one other person.
    if ('ttlSeconds' in media && media.ttlSeconds && (out.peer.kind !== 'user' || out.peer.self)) {
      throw new RpcError('TTL_MEDIA_INVALID')
    }
    mayPlacePoll(out.peer, media)
    await maySend(ctx, out.peer, [sendAction(media)])
    const mentions = await mentionedBy(ctx, out.peer, text, entities)
    return sendOut(ctx, out, [{ text, entities, media, mentions, randomId: req.randomId }])
  },
  { flood: 'send' },
)

/** A text with a preview of its sender's choice: no caption, but a message. */
async function sendWithPage(
  ctx: Ctx,
  out: Outgoing,
  req: Params<'messages.sendMedia'>,
  page: tl.inputMediaWebPage,
): Promise<tl.Updates> {
  const { text, entities } = await composeText(ctx, req.message, req.entities)
  const media = await chosenPreview(ctx, out.peer, page, text)
  if (text === '') throw new RpcError('MEDIA_EMPTY')
  await maySend(ctx, out.peer, ['sendPlain'])
  const mentions = await mentionedBy(ctx, out.peer, text, entities)
  return sendOut(ctx, out, [{ text, entities, media, mentions, randomId: req.randomId }])
}
