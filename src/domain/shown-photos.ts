import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'

/** What of a photo shows with the account or group that it is of. */
export interface ShownPhoto {
  id: number
  has_video: number
  stripped: Uint8Array | null
}

const photosOf = query<{ ids: readonly number[] }>({ table: 'photo' })((db, p, d) =>
  db
    .selectFrom('photo')
    .select(['id', 'has_video', 'stripped'])
    .where('id', 'in', d.each(p.ids) as never),
)

/** Photos by their ids; null and undefined stand for none. */
export async function shownPhotos(
  ctx: Ctx,
  ids: readonly (number | null | undefined)[],
): Promise<Map<number, ShownPhoto>> {
  const named = [...new Set(ids)].filter((id) => id !== null && id !== undefined)
  if (named.length === 0) return new Map()
  return new Map((await ctx.run(photosOf, { ids: named })).map((photo) => [photo.id, photo]))
}

/** https://core.telegram.org/constructor/chatPhoto */
export function viewChatPhoto(ctx: Ctx, photo: ShownPhoto | undefined): tl.ChatPhoto {
  if (!photo) return { _: 'chatPhotoEmpty' }
  return {
    _: 'chatPhoto',
    photoId: BigInt(photo.id),
    dcId: ctx.app.config.dc,
    hasVideo: photo.has_video === 1 || undefined,
    strippedThumb: photo.stripped ?? undefined,
  }
}
