import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { query } from '../storage/index.ts'
import type { Ctx } from '../rpc/context.ts'
import { photoRow } from './files.ts'
import { accessHash } from './hashes.ts'
import { allowedBy, allowedKeys } from './privacy.ts'
import { type ContactRow, type UserRow, userRows } from './user-rows.ts'

const contactBetween = query<{ owner: number; user: number }>()((db, p) =>
  db.selectFrom('contact').selectAll().where('owner', '=', p.owner).where('user_id', '=', p.user),
)
const activeNames = query<{ owner: number }>()((db, p) =>
  db
    .selectFrom('username')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('active', '=', 1)
    .orderBy('position'),
)

export async function contactRow(ctx: Ctx, owner: number, user: number): Promise<ContactRow | undefined> {
  const [row] = await ctx.run(contactBetween, { owner, user })
  return row
}

/** Users as the caller sees them: names they saved, phone, photo and status as privacy allows. */
export async function viewUsers(ctx: Ctx, ids: Iterable<number>): Promise<tl.User[]> {
  const wanted = [...new Set(ids)]
  const rows = await userRows(ctx, wanted)
  const users: tl.User[] = []
  for (const id of wanted) {
    const row = rows.get(id)
    users.push(row ? await viewUser(ctx, row) : { _: 'userEmpty', id })
  }
  return users
}

/** https://core.telegram.org/constructor/user */
export async function viewUser(ctx: Ctx, row: UserRow): Promise<tl.User> {
  const self = row.id === ctx.viewer
  const common = { _: 'user' as const, id: row.id, accessHash: accessHash(ctx, 'user', row.id), self: self || undefined }
  if (row.deleted) return { ...common, deleted: true }
  const contact = self ? undefined : await contactRow(ctx, ctx.viewer, row.id)
  const mutual = self ? undefined : await contactRow(ctx, row.id, ctx.viewer)
  const seen = await allowedKeys(ctx, row.id, ['phoneNumber', 'profilePhoto', 'statusTimestamp'])
  return {
    ...common,
    contact: contact !== undefined || undefined,
    mutualContact: (contact !== undefined && mutual !== undefined) || undefined,
    closeFriend: contact?.close_friend === 1 || undefined,
    bot: row.bot === 1 || undefined,
    botInfoVersion: row.bot === 1 ? 1 : undefined,
    support: row.support === 1 || undefined,
    premium: row.premium === 1 || undefined,
    verified: row.verified === 1 || undefined,
    firstName: contact?.first_name || row.first_name || undefined,
    lastName: (contact ? contact.last_name : row.last_name) || undefined,
    phone: (seen.has('phoneNumber') ? row.phone : contact?.phone) || undefined,
    photo: await viewProfilePhoto(ctx, row, contact, seen.has('profilePhoto')),
    status: row.bot ? undefined : await viewStatus(ctx, row, seen.has('statusTimestamp')),
    emojiStatus: row.emoji_status ? (readObject(row.emoji_status) as tl.EmojiStatus) : undefined,
    color: row.color ? (readObject(row.color) as tl.PeerColor) : undefined,
    profileColor: row.profile_color ? (readObject(row.profile_color) as tl.PeerColor) : undefined,
    ...(await viewNames(ctx, row)),
  }
}

/** One editable name goes into `username`, several into `usernames`. https://core.telegram.org/api/usernames */
async function viewNames(ctx: Ctx, row: UserRow): Promise<Pick<tl.user, 'username' | 'usernames'>> {
  if (row.username === null) return {}
  const names = await ctx.run(activeNames, { owner: row.id })
  if (names.length <= 1) return { username: names[0]?.shown }
  return {
    usernames: names.map((n) => ({
      _: 'username',
      username: n.shown,
      active: n.active === 1 || undefined,
      editable: n.editable === 1 || undefined,
    })),
  }
}

async function viewProfilePhoto(
  ctx: Ctx,
  row: UserRow,
  contact: ContactRow | undefined,
  allowed: boolean,
): Promise<tl.UserProfilePhoto | undefined> {
  const id = contact?.photo_id ?? (allowed ? row.photo_id : row.fallback_photo_id)
  const photo = id ? await photoRow(ctx, id) : undefined
  if (!photo) return undefined
  return {
    _: 'userProfilePhoto',
    photoId: BigInt(photo.id),
    dcId: ctx.app.config.dc,
    hasVideo: photo.has_video === 1 || undefined,
    personal: contact?.photo_id ? true : undefined,
    strippedThumb: photo.stripped ?? undefined,
  }
}

const DAY = 86_400

/**
 * Last seen as this viewer may know it: exactly, or roughly where either side keeps it to themselves.
 * https://core.telegram.org/constructor/userStatusRecently
 */
export async function viewStatus(ctx: Ctx, row: UserRow, allowed: boolean): Promise<tl.UserStatus | undefined> {
  if (row.online_until === 0) return undefined
  const online = row.online_until > ctx.now
  const self = row.id === ctx.viewer
  const returned = self || (allowed && (await allowedBy(ctx, ctx.viewer, 'statusTimestamp', row.id)))
  if (allowed && (returned || online)) {
    if (online) return { _: 'userStatusOnline', expires: row.online_until }
    return { _: 'userStatusOffline', wasOnline: row.online_until }
  }
  const byMe = allowed || undefined
  const ago = ctx.now - row.online_until
  if (ago < 3 * DAY) return { _: 'userStatusRecently', byMe }
  if (ago < 7 * DAY) return { _: 'userStatusLastWeek', byMe }
  if (ago < 30 * DAY) return { _: 'userStatusLastMonth', byMe }
  return { _: 'userStatusEmpty' }
}
