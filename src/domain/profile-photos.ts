import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type { UserRef } from './access.ts'
import type { PhotoRow } from './files.ts'
import { allowedBy } from './privacy.ts'
import { contactRow } from './users.ts'

const own = query<{ owner: number; photo: number }>()((db, p) =>
  db.selectFrom('profile_photo').select('pos').where('owner', '=', p.owner).where('photo_id', '=', p.photo),
)
const page = query<{ owner: number; below: number; offset: number; limit: number }>()((db, p) =>
  db
    .selectFrom('profile_photo as f')
    .innerJoin('photo as p', 'p.id', 'f.photo_id')
    .selectAll('p')
    .select('f.pos')
    .where('f.owner', '=', p.owner)
    .where('f.pos', '<', p.below)
    .orderBy('f.pos', 'desc')
    .offset(p.offset)
    .limit(p.limit),
)
const counted = query<{ owner: number }>()((db, p) =>
  db
    .selectFrom('profile_photo')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', '=', p.owner),
)

/** Where a photo stands among an account's profile photos; undefined when it is none of them. */
export async function photoPosition(ctx: Ctx, owner: number, photo: number): Promise<number | undefined> {
  const [row] = await ctx.run(own, { owner, photo })
  return row?.pos
}

/** An account's profile photos, the newest first, those below a position. */
export async function profilePhotos(
  ctx: Ctx,
  owner: number,
  range: { below: number; offset: number; limit: number },
): Promise<PhotoRow[]> {
  return ctx.run(page, { owner, ...range })
}

export async function countProfilePhotos(ctx: Ctx, owner: number): Promise<number> {
  const [row] = await ctx.run(counted, { owner })
  return row?.count ?? 0
}

/**
 * Whether the caller may see this photo as one of that account's: the one they chose for a contact themselves, what
 * the account shows to everybody, or a profile photo, where privacy lets them. https://core.telegram.org/api/privacy
 */
export async function showsPhoto(ctx: Ctx, user: UserRef, photo: number): Promise<boolean> {
  const { row } = user
  if (row.fallback_photo_id === photo) return true
  if (!user.self && (await contactRow(ctx, ctx.userId, user.id))?.photo_id === photo) return true
  if (!(await allowedBy(ctx, user.id, 'profilePhoto'))) return false
  return row.photo_id === photo || (await photoPosition(ctx, user.id, photo)) !== undefined
}
