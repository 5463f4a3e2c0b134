import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query } from '../storage/index.ts'
import type { UserRef } from './access.ts'
import { tellUser } from './acquaintances.ts'
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

/** Locks an account's row, so that its photos change one after the other. */
async function currentPhoto(tx: Tx, owner: number): Promise<number | null> {
  const row = await tx.trx
    .updateTable('user')
    .set((eb) => ({ photo_id: eb.ref('photo_id') }))
    .where('id', '=', owner)
    .returning('photo_id')
    .executeTakeFirstOrThrow()
  return row.photo_id
}

/**
 * Makes a photo the account's profile photo, the newest of them; or, as its fallback, what those see who may not see
 * profile photos. ALBUM_PHOTOS_TOO_MANY. https://core.telegram.org/method/photos.uploadProfilePhoto
 */
export async function setProfilePhoto(tx: Tx, owner: number, photo: number, fallback: boolean): Promise<void> {
  await currentPhoto(tx, owner)
  if (!fallback) {
    const { max, count } = await tx.trx
      .selectFrom('profile_photo')
      .select((eb) => [eb.fn.max('pos').as('max'), eb.fn.countAll<number>().as('count')])
      .where('owner', '=', owner)
      .executeTakeFirstOrThrow()
    if (count >= tx.app.config.limits.profilePhotos) throw new RpcError('ALBUM_PHOTOS_TOO_MANY')
    const pos = (max ?? 0) + 1
    await tx.trx
      .insertInto('profile_photo')
      .values({ owner, photo_id: photo, pos })
      .onConflict((c) => c.columns(['owner', 'photo_id']).doUpdateSet({ pos }))
      .execute()
  }
  const changed = fallback ? { fallback_photo_id: photo } : { photo_id: photo }
  await tx.trx.updateTable('user').set(changed).where('id', '=', owner).execute()
  await tellUser(tx, owner)
}

/** Takes the fallback photo away. */
export async function dropFallback(tx: Tx, owner: number): Promise<void> {
  await tx.trx.updateTable('user').set({ fallback_photo_id: null }).where('id', '=', owner).execute()
  await tellUser(tx, owner)
}

/**
 * Takes photos off an account's profile; those that are not on it are passed over. When the current one goes, the
 * newest that is left becomes current. Gives the ids of those that went.
 */
export async function dropProfilePhotos(tx: Tx, owner: number, photos: readonly number[]): Promise<number[]> {
  if (photos.length === 0) return []
  const current = await currentPhoto(tx, owner)
  const gone = await tx.trx
    .deleteFrom('profile_photo')
    .where('owner', '=', owner)
    .where('photo_id', 'in', [...photos])
    .returning('photo_id')
    .execute()
  const ids = gone.map((row) => row.photo_id)
  const { fallback_photo_id: fallback } = await tx.trx
    .selectFrom('user')
    .select('fallback_photo_id')
    .where('id', '=', owner)
    .executeTakeFirstOrThrow()
  if (fallback !== null && photos.includes(fallback)) {
    ids.push(fallback)
    await tx.trx.updateTable('user').set({ fallback_photo_id: null }).where('id', '=', owner).execute()
  }
  if (current !== null && ids.includes(current)) {
    const [next] = await tx.run(page, { owner, below: Number.MAX_SAFE_INTEGER, offset: 0, limit: 1 })
    await tx.trx
      .updateTable('user')
      .set({ photo_id: next?.id ?? null })
      .where('id', '=', owner)
      .execute()
  }
  if (ids.length > 0) await tellUser(tx, owner)
  return photos.filter((id) => ids.includes(id))
}
