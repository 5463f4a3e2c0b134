import { makeMedia } from '../../domain/media.ts'
import { composeText, mentionedBy, outgoing, sendOut } from '../../domain/outgoing.ts'
import { maySend, sendAction } from '../../domain/rights.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.sendMedia',
  async (ctx, req) => {
    if (req.randomId === 0n) throw new RpcError('RANDOM_ID_EMPTY')
    const out = await outgoing(ctx, req)
    const { text, entities } = await composeText(ctx, req.message, req.entities, true)
    const media = await makeMedia(ctx, req.media)
    if (media._ === 'messageMediaEmpty') throw new RpcError('MEDIA_EMPTY')
    // What goes when it was seen is for one other person.
    if ('ttlSeconds' in media && media.ttlSeconds && (out.peer.kind !== 'user' || out.peer.self)) {
      throw new RpcError('TTL_MEDIA_INVALID')
    }
    await maySend(ctx, out.peer, [sendAction(media)])
    const mentions = await mentionedBy(ctx, out.peer, text, entities)
    return sendOut(ctx, out, [{ text, entities, media, mentions, randomId: req.randomId }])
  },
  { flood: 'send' },
)
