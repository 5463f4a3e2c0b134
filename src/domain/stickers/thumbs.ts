import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { namedSet } from './rows.ts'

/**
 * Where a set's own thumbnail is; undefined for a set without one, or for another version of it. STICKERSET_INVALID.
 * https://core.telegram.org/constructor/inputStickerSetThumb
 */
export async function setThumb(ctx: Ctx, location: tl.inputStickerSetThumb) {
  const row = await namedSet(ctx, location.stickerset)
  if (row.thumb_key === null || row.thumb === null || row.thumb_version !== location.thumbVersion) return undefined
  const { size, type } = readObject(row.thumb) as tl.photoSize
  return { key: row.thumb_key, from: 0, size, type: type === 's' ? 'Webp' : 'Unknown', date: row.date }
}
