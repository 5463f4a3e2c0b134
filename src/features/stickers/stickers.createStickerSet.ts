import { access } from '../../domain/access.ts'
import { newFileId } from '../../domain/files.ts'
import { newSetHash } from '../../domain/stickers/change.ts'
import {
  indexSet,
  type MadeSticker,
  MOST_STICKERS,
  makeSetThumb,
  makeSticker,
  titleOf,
  writeStickers,
} from '../../domain/stickers/make.ts'
import { SET_KIND, setRow } from '../../domain/stickers/rows.ts'
import { viewWholeSet } from '../../domain/stickers/view.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import { checkShortName, endsAsBots } from './names.ts'

type Request = Params<'stickers.createStickerSet'>

export default method(
  'stickers.createStickerSet',
  async (ctx, req) => {
    if (req.masks && req.emojis) throw new RpcError('PACK_TYPE_INVALID')
    if (req.textColor && !req.emojis) throw new RpcError('PACK_TYPE_INVALID')
    const kind = req.masks ? SET_KIND.masks : req.emojis ? SET_KIND.emojis : SET_KIND.stickers
    const owner = await ownerOf(ctx, req)
    const title = titleOf(req.title)
    await checkShortName(ctx, req.shortName, 'PACK_SHORT_NAME_INVALID', 'PACK_SHORT_NAME_OCCUPIED')
    if (req.stickers.length === 0) throw new RpcError('STICKERS_EMPTY')
    if (req.stickers.length > MOST_STICKERS[kind]) throw new RpcError('STICKERS_TOO_MUCH')
    const set = { id: newFileId(ctx), kind, text_color: req.textColor ? 1 : 0 }
    const made: MadeSticker[] = []
    for (const item of req.stickers) made.push(await makeSticker(ctx, set, item))
    const thumb = req.thumb ? await makeSetThumb(ctx, req.thumb) : undefined
    await ctx.transact(async (tx) => {
      const row = await tx.trx
        .insertInto('sticker_set')
        .values({
          ...set,
          ...owner,
          title,
          short_name: req.shortName,
          name: req.shortName.toLowerCase(),
          date: tx.now,
          count: made.length,
          hash: newSetHash(tx),
          thumb: thumb?.thumb ?? null,
          thumb_key: thumb?.thumb_key ?? null,
          thumb_version: thumb ? 1 : 0,
        })
        .onConflict((c) => c.column('name').doNothing())
        .returningAll()
        .executeTakeFirst()
      if (!row) throw new RpcError('PACK_SHORT_NAME_OCCUPIED')
      await indexSet(tx, row)
      await writeStickers(tx, set.id, made, 0)
    })
    return viewWholeSet(ctx, (await setRow(ctx, set.id))!)
  },
  { flood: 'write' },
)

/** People make sets for themselves, bots for people, whose names show which bot it was. */
async function ownerOf(ctx: Ctx, req: Request): Promise<{ owner: number; bot: number | null }> {
  const user = await access.user(ctx, req.userId)
  if (!ctx.session?.auth.bot) {
    if (!user.self) throw new RpcError('USER_ID_INVALID')
    return { owner: user.id, bot: null }
  }
  if (user.row.bot === 1 || user.row.deleted === 1) throw new RpcError('USER_ID_INVALID')
  if (!(await endsAsBots(ctx, req.shortName))) throw new RpcError('PACK_SHORT_NAME_INVALID')
  return { owner: user.id, bot: ctx.userId }
}
