import type { Ctx } from '../../rpc/context.ts'
import { query } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { type DocumentRow, namedDocument, type PhotoRow } from '../files.ts'
import { atRest } from '../message-view.ts'
import { type SetRow, setRows, stickerRow } from './rows.ts'

/** Stickers on one picture that are looked at. */
const MOST = 100

const setsOf = query<{ file: number }>()((db, p) =>
  db.selectFrom('attached_set').select('set_id').where('file_id', '=', p.file).orderBy('position'),
)

/**
 * Notes from which sets the stickers are that somebody put onto a new photo or video; MEDIA_INVALID for what is none.
 * https://core.telegram.org/api/stickers#attached-stickers
 */
export async function attachStickers<T extends PhotoRow | DocumentRow>(
  ctx: Ctx,
  row: T,
  stickers: readonly tl.InputDocument[] | undefined,
): Promise<T> {
  const sets = new Set<number>()
  for (const input of (stickers ?? []).slice(0, MOST)) {
    const { id } = await namedDocument(ctx, input, 'MEDIA_INVALID')
    const sticker = await stickerRow(ctx, id)
    if (sticker) sets.add(sticker.set_id)
  }
  if (sets.size === 0) return row
  const object = readObject(row.tl) as tl.photo | tl.document
  if (object._ === 'photo') object.hasStickers = true
  else object.attributes.push({ _: 'documentAttributeHasStickers' })
  const tlBytes = atRest(object)
  await ctx.transact(async (tx) => {
    await tx.trx.updateTable(object._).set({ tl: tlBytes }).where('id', '=', row.id).execute()
    const rows = [...sets].map((set_id, position) => ({ file_id: row.id, set_id, position }))
    await tx.trx.insertInto('attached_set').values(rows).execute()
  })
  return { ...row, tl: tlBytes }
}

/** The sets whose stickers are on a photo or a video. */
export async function attachedSets(ctx: Ctx, file: number): Promise<SetRow[]> {
  const rows = await ctx.run(setsOf, { file })
  return setRows(
    ctx,
    rows.map((row) => row.set_id),
  )
}
