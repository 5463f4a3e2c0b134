import { namedDocument, namedPhoto } from '../../domain/files.ts'
import { attachedSets } from '../../domain/stickers/attached.ts'
import { viewCovered } from '../../domain/stickers/view.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getAttachedStickers',
  async (ctx, { media }) => {
    const { id } =
      media._ === 'inputStickeredMediaPhoto'
        ? await namedPhoto(ctx, media.id, 'MEDIA_EMPTY')
        : await namedDocument(ctx, media.id, 'MEDIA_EMPTY')
    return viewCovered(ctx, await attachedSets(ctx, id))
  },
  { flood: 'read' },
)
