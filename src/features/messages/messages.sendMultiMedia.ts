import { makeMedia } from '../../domain/media.ts'
import { type Carried, MEDIA_KIND, mediaKind } from '../../domain/message-view.ts'
import { composeText, mentionedBy, outgoing, sendOut } from '../../domain/outgoing.ts'
import { maySend, sendActions } from '../../domain/rights.ts'
import type { NewMessage } from '../../domain/send.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { newGroupedId } from './forward.ts'

export default method(
  'messages.sendMultiMedia',
  async (ctx, req) => {
    const { multiMedia } = req
    if (multiMedia.length === 0) throw new RpcError('MEDIA_EMPTY')
    if (multiMedia.length > ctx.app.config.limits.albumMedia) throw new RpcError('MULTI_MEDIA_TOO_LONG')
    const randomIds = new Set(multiMedia.map((m) => m.randomId))
    if (randomIds.has(0n)) throw new RpcError('RANDOM_ID_EMPTY')
    if (randomIds.size < multiMedia.length) throw new RpcError('RANDOM_ID_DUPLICATE')
    const out = await outgoing(ctx, req, 'REPLY_TO_INVALID', multiMedia.length)
    const groupedId = multiMedia.length > 1 ? newGroupedId(ctx) : undefined
    const contents: NewMessage[] = []
    for (const one of multiMedia) {
      const { text, entities } = await composeText(ctx, one.message, one.entities, true)
      const mentions = await mentionedBy(ctx, out.peer, text, entities)
      const media = await makeMedia(ctx, one.media)
      contents.push({ text, entities, mentions, media, groupedId, randomId: one.randomId })
    }
    mayGroup(contents.map((c) => c.media!))
    await maySend(ctx, out.peer, new Set(contents.flatMap((c) => sendActions(c.media))))
    return sendOut(ctx, out, contents)
  },
  { flood: 'send' },
)

/** What can be in one album: photos and videos, or documents, or music. */
const ALBUMS = [MEDIA_KIND.photo | MEDIA_KIND.video, MEDIA_KIND.document, MEDIA_KIND.music]

function mayGroup(media: readonly Carried[]): void {
  const album = ALBUMS.find((kinds) => (kinds & mediaKind({ media: media[0] })) !== 0)
  for (const one of media) {
    if (one._ === 'messageMediaEmpty') throw new RpcError('MEDIA_EMPTY')
    const timed = 'ttlSeconds' in one && one.ttlSeconds !== undefined
    if (album === undefined || (album & mediaKind({ media: one })) === 0 || timed) throw new RpcError('MEDIA_INVALID')
  }
}
