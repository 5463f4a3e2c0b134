import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { accessHash } from './hashes.ts'
import { defaultRules, inOneOf, type Permissions, permissions, permits, privacyRules } from './privacy.ts'
import { type ShownPhoto, shownPhotos } from './shown-photos.ts'
import { type ContactRow, type UserRow, userRows } from './user-rows.ts'
import { type UsernameRow, usernamesOf, viewUsername } from './usernames.ts'

const contactBetween = query<{ owner: number; user: number }>({ table: 'contact' })((db, p) =>
  db.selectFrom('contact').selectAll().where('owner', '=', p.owner).where('user_id', '=', p.user),
)
const contactsAmong = query<{ owner: number; users: readonly number[] }>({ table: 'contact' })((db, p, d) =>
  db
    .selectFrom('contact')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('user_id', 'in', d.each(p.users) as never),
)

export async function contactRow(ctx: Ctx, owner: number, user: number): Promise<ContactRow | undefined> {
  const [row] = await ctx.run(contactBetween, { owner, user })
  return row
}

/** Whether the viewer and somebody else keep each other as contacts. */
export async function areMutual(ctx: Ctx, user: number): Promise<boolean> {
  return !!(await contactRow(ctx, ctx.viewer, user)) && !!(await contactRow(ctx, user, ctx.viewer))
}

/** The contact rows that an account has of these users, by the user. */
export async function contactRows(ctx: Ctx, owner: number, users: readonly number[]): Promise<Map<number, ContactRow>> {
  return new Map((await ctx.run(contactsAmong, { owner, users })).map((row) => [row.user_id, row]))
}

/** Users as the caller sees them: names they saved, phone, photo and status as privacy allows. */
export async function viewUsers(ctx: Ctx, ids: Iterable<number>): Promise<tl.User[]> {
  const wanted = [...new Set(ids)]
  const [rows, near] = await Promise.all([userRows(ctx, wanted), nearTo(ctx, wanted)])
  const users = await viewRows(ctx, [...rows.values()], near)
  return wanted.map((id) => users.get(id) ?? { _: 'userEmpty', id })
}

/** https://core.telegram.org/constructor/user */
export async function viewUser(ctx: Ctx, row: UserRow): Promise<tl.User> {
  return (await viewRows(ctx, [row], await nearTo(ctx, [row.id]))).get(row.id)!
}

/** What a viewer's view of some accounts depends on, read with the same few queries for any number of them. */
interface Around extends Near {
  photos: Map<number, ShownPhoto>
  statuses: StatusView
}

/** What of it is found by the accounts' ids. */
interface Near {
  contacts: Map<number, ContactRow>
  what: Permissions
  names: Map<number, UsernameRow[]>
}

async function nearTo(ctx: Ctx, ids: readonly number[]): Promise<Near> {
  const [contacts, what, names] = await Promise.all([
    contactRows(ctx, ctx.viewer, ids),
    permissions(ctx, ids),
    usernamesOf(ctx, ids),
  ])
  return { contacts, what, names }
}

async function viewRows(ctx: Ctx, rows: readonly UserRow[], near: Near): Promise<Map<number, tl.User>> {
  if (rows.length === 0) return new Map()
  const { contacts, what } = near
  const around: Around = {
    ...near,
    photos: await photosShown(ctx, rows, contacts),
    statuses: statusView(ctx, what, contacts),
  }
  const users = new Map<number, tl.User>()
  for (const row of rows) users.set(row.id, await viewRow(ctx, row, around))
  return users
}

function photosShown(ctx: Ctx, rows: readonly UserRow[], contacts: Map<number, ContactRow>) {
  return shownPhotos(
    ctx,
    rows.flatMap((row) => [row.photo_id, row.fallback_photo_id, contacts.get(row.id)?.photo_id]),
  )
}

async function viewRow(ctx: Ctx, row: UserRow, around: Around): Promise<tl.User> {
  const { what, names, photos, statuses } = around
  const self = row.id === ctx.viewer
  const common = {
    _: 'user' as const,
    id: row.id,
    accessHash: accessHash(ctx, 'user', row.id),
    self: self || undefined,
  }
  const contact = self ? undefined : around.contacts.get(row.id)
  if (row.deleted) return { ...common, contact: contact !== undefined || undefined, deleted: true }
  return {
    ...common,
    contact: contact !== undefined || undefined,
    mutualContact: (contact !== undefined && what.keeps(row.id)) || undefined,
    closeFriend: contact?.close_friend === 1 || undefined,
    bot: row.bot === 1 || undefined,
    botInfoVersion: row.bot === 1 ? 1 : undefined,
    botForumView: row.bot_forum === 1 || undefined,
    botForumCanManageTopics: (row.bot_forum === 1 && row.bot_forum_users === 1) || undefined,
    support: row.support === 1 || undefined,
    premium: row.premium === 1 || undefined,
    verified: row.verified === 1 || undefined,
    contactRequirePremium: (!self && !what.keeps(row.id) && requiresPremium(row)) || undefined,
    firstName: contact?.first_name || row.first_name || undefined,
    lastName: (contact ? contact.last_name : row.last_name) || undefined,
    phone: await viewPhone(ctx, row, contact, what),
    photo: viewProfilePhoto(ctx, row, contact, await what.allows(row.id, 'profilePhoto'), photos),
    applyMinPhoto: (!contact?.photo_id && what.everybody(row.id, 'profilePhoto')) || undefined,
    status: row.bot ? undefined : await statuses(row),
    emojiStatus: row.emoji_status ? (readObject(row.emoji_status) as tl.EmojiStatus) : undefined,
    color: row.color ? (readObject(row.color) as tl.PeerColor) : undefined,
    profileColor: row.profile_color ? (readObject(row.profile_color) as tl.PeerColor) : undefined,
    ...viewNames(names.get(row.id) ?? [], self),
  }
}

/** Whether an account takes messages of strangers only from those with Premium. */
export function requiresPremium(row: UserRow): boolean {
  return globalPrivacy(row)?.newNoncontactPeersRequirePremium === true
}

/** The account's GlobalPrivacySettings, undefined while nothing was set. */
export function globalPrivacy(row: UserRow): tl.GlobalPrivacySettings | undefined {
  return row.global_privacy ? (readObject(row.global_privacy) as tl.GlobalPrivacySettings) : undefined
}

/** The number that privacy shows, else the one the viewer saved themselves. Bots see nobody's. */
async function viewPhone(ctx: Ctx, row: UserRow, contact: ContactRow | undefined, what: Permissions) {
  if (row.phone === null || ctx.session?.auth.bot) return undefined
  return ((await what.allows(row.id, 'phoneNumber')) ? row.phone : contact?.phone) || undefined
}

/**
 * A lone name that its owner may change goes into `username`, anything else into `usernames`; names that are switched
 * off are for their owner only. https://core.telegram.org/api/usernames
 */
function viewNames(names: readonly UsernameRow[], self: boolean): Pick<tl.user, 'username' | 'usernames'> {
  const shown = self ? names : names.filter((name) => name.active === 1)
  const [only] = shown
  if (!only) return {}
  if (shown.length === 1 && only.editable === 1 && only.active === 1) return { username: only.shown }
  return { usernames: shown.map(viewUsername) }
}

function viewProfilePhoto(
  ctx: Ctx,
  row: UserRow,
  contact: ContactRow | undefined,
  allowed: boolean,
  photos: Map<number, ShownPhoto>,
): tl.UserProfilePhoto | undefined {
  const photo = photos.get(contact?.photo_id ?? (allowed ? row.photo_id : row.fallback_photo_id) ?? 0)
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

/** An account's status for the viewer it was made for. */
export type StatusView = (row: UserRow) => Promise<tl.UserStatus | undefined>

/**
 * Last seen as the viewer may know it: exactly, or roughly where either side keeps it to themselves. `what` and
 * `contacts` are the viewer's for all the rows it will be asked for.
 * https://core.telegram.org/constructor/userStatusRecently
 */
export function statusView(ctx: Ctx, what: Permissions, contacts: Map<number, ContactRow>): StatusView {
  const { viewer } = ctx
  let own: Promise<Awaited<ReturnType<typeof privacyRules>>> | undefined
  let premium: Promise<boolean> | undefined
  /** Whether the viewer shows that account their own last seen: it is given only in return, except to Premium. */
  const returned = async (row: UserRow): Promise<boolean> => {
    const rules = (await (own ??= privacyRules(ctx, viewer))).get('statusTimestamp') ?? defaultRules('statusTimestamp')
    if (rules.length === 1 && rules[0]!.rule === 'allowAll') return true
    if (await (premium ??= isPremium(ctx, viewer))) return true
    const contact = contacts.get(row.id)
    const standing = {
      viewer: row.id,
      contact: contact !== undefined,
      closeFriend: contact?.close_friend === 1,
      premium: row.premium === 1,
      bot: row.bot === 1,
    }
    return permits(rules, standing, (chats) => inOneOf(ctx, row.id, chats))
  }
  return async (row) => {
    if (row.online_until === 0 || row.deleted) return undefined
    const allowed = await what.allows(row.id, 'statusTimestamp')
    if (row.id === viewer || (allowed && (await returned(row)))) return exactStatus(row, ctx.now)
    if (what.blocks(row.id)) return { _: 'userStatusEmpty' }
    return roughStatus(row.online_until, ctx.now, allowed || undefined)
  }
}

function exactStatus(row: UserRow, now: number): tl.UserStatus {
  if (row.online_until > now) return { _: 'userStatusOnline', expires: row.online_until }
  return { _: 'userStatusOffline', wasOnline: row.online_until }
}

/**
 * Last seen as those know it who may not know it exactly.
 * @param byMe the viewer's own settings keep it from them
 */
export function roughStatus(onlineUntil: number, now: number, byMe?: true | undefined): tl.UserStatus {
  const ago = now - onlineUntil
  if (ago < 3 * DAY) return { _: 'userStatusRecently', byMe }
  if (ago < 7 * DAY) return { _: 'userStatusLastWeek', byMe }
  if (ago < 30 * DAY) return { _: 'userStatusLastMonth', byMe }
  return { _: 'userStatusEmpty' }
}

async function isPremium(ctx: Ctx, user: number): Promise<boolean> {
  return (await userRows(ctx, [user])).get(user)?.premium === 1
}

/** The status of one account for the one who asks; undefined for one that was never online. */
export async function viewStatus(ctx: Ctx, row: UserRow): Promise<tl.UserStatus | undefined> {
  const what = await permissions(ctx, [row.id])
  return statusView(ctx, what, await contactRows(ctx, ctx.viewer, [row.id]))(row)
}
