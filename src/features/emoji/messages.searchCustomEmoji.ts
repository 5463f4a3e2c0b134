import { listHash } from '../../domain/list-hash.ts'
import { emojiOf } from '../../domain/stickers/emoji.ts'
import { stickersByEmoji } from '../../domain/stickers/find.ts'
import { SET_KIND } from '../../domain/stickers/rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Custom emoji in one answer. */
const MOST = 200

export default method(
  'messages.searchCustomEmoji',
  async (ctx, { emoticon, hash }) => {
    if (emoticon.trim() === '') throw new RpcError('EMOTICON_EMPTY')
    const ids = (await stickersByEmoji(ctx, SET_KIND.emojis, emojiOf(emoticon) ?? [])).slice(0, MOST)
    const own = listHash(ids)
    if (hash !== 0n && hash === own) return { _: 'emojiListNotModified' }
    return { _: 'emojiList', hash: own, documentId: ids.map(BigInt) }
  },
  { flood: 'search' },
)
