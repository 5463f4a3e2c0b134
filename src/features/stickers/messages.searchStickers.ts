import { documentRows, viewDocument } from '../../domain/files.ts'
import { listHash } from '../../domain/list-hash.ts'
import { emojiOf } from '../../domain/stickers/emoji.ts'
import { stickersByEmoji, stickersByWords } from '../../domain/stickers/find.ts'
import { SET_KIND } from '../../domain/stickers/rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Stickers in one page. */
const PAGE = 100

/**
 * By keywords, then by emoji. DEVIATES: a keyword is found as its set's owner wrote it; no model finds what is meant in
 * another language.
 */
export default method(
  'messages.searchStickers',
  async (ctx, { emojis, q, emoticon, offset, limit, hash }) => {
    if (offset < 0) throw new RpcError('OFFSET_INVALID')
    if (limit < 0) throw new RpcError('LIMIT_INVALID')
    const kind = emojis ? SET_KIND.emojis : SET_KIND.stickers
    const emoji = [...(emojiOf(emoticon) ?? []), ...(emojiOf(q) ?? [])]
    const found = new Set(await stickersByWords(ctx, kind, q))
    for (const id of await stickersByEmoji(ctx, kind, emoji)) found.add(id)
    const end = offset + Math.min(limit || PAGE, PAGE)
    const ids = [...found].slice(offset, end)
    const nextOffset = end < found.size ? end : undefined
    const own = listHash(ids)
    if (hash !== 0n && hash === own) return { _: 'messages.foundStickersNotModified', nextOffset }
    const rows = await documentRows(ctx, ids)
    return { _: 'messages.foundStickers', nextOffset, hash: own, stickers: rows.map((row) => viewDocument(ctx, row)) }
  },
  { flood: 'search' },
)
