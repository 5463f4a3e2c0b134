import { documentRows, viewDocument } from '../../domain/files.ts'
import { listHash } from '../../domain/list-hash.ts'
import { emojiOf } from '../../domain/stickers/emoji.ts'
import { stickersByEmoji } from '../../domain/stickers/find.ts'
import { SET_KIND } from '../../domain/stickers/rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Stickers in one answer. */
const MOST = 200
/** After another emoji it asks for lists that Telegram itself puts together; there are none here. */
const SPECIAL = '⭐'

export default method(
  'messages.getStickers',
  async (ctx, { emoticon, hash }) => {
    if (emoticon.trim() === '') throw new RpcError('EMOTICON_EMPTY')
    const emoji = emojiOf(emoticon) ?? []
    const special = emoji.length > 1 && emoji.at(-1) === SPECIAL
    const ids = special ? [] : (await stickersByEmoji(ctx, SET_KIND.stickers, emoji)).slice(0, MOST)
    const own = listHash(ids)
    if (hash !== 0n && hash === own) return { _: 'messages.stickersNotModified' }
    const rows = await documentRows(ctx, ids)
    return { _: 'messages.stickers', hash: own, stickers: rows.map((row) => viewDocument(ctx, row)) }
  },
  { flood: 'read' },
)
