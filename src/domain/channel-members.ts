import { type SqlBool, sql } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { nextId, query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { boxState, lockBoxes } from '../updates/log.ts'
import type { Actor } from './access.ts'
import { type ChannelRef, isPublic, ownChannel } from './access.ts'
import { countOwnBoosts } from './boost-slots.ts'
import { type CameBy, lockWithBots, tellChannelBots } from './bot-updates.ts'
import { adminRights, bannedRights, FOREVER, hasRight, isAdmin, isBanned, isIn } from './channel-rights.ts'
import { type ChannelMemberRow, type ChannelRow, channelAdmins, channelMember, STATE } from './channel-rows.ts'
import { countStat, type JoinSource } from './channel-stats.ts'
import { ROLE } from './chat-rows.ts'
import { followRights } from './direct-messages.ts'
import { welcome } from './ephemeral.ts'
import { atRest } from './message-view.ts'
import { channelPeer, toPeer } from './peers.ts'
import { type NewMessage, type Sent, sendMessage } from './send.ts'

const bump = query<{ id: number; members: number; admins: number; kicked: number; banned: number }>()((db, p) =>
  db
    .updateTable('channel')
    .set((eb) => ({
      version: eb('version', '+', 1),
      members: eb('members', '+', p.members),
      admins: eb('admins', '+', p.admins),
      kicked: eb('kicked', '+', p.kicked),
      banned: eb('banned', '+', p.banned),
    }))
    .where('id', '=', p.id)
    .returning(['version', 'top_message', 'hidden_prehistory']),
)
const putMember = query<{
  channel: number
  user: number
  inviter: number
  date: number
  minId: number
  viaRequest: number
}>()((db, p) => {
  const row = { inviter: p.inviter, date: p.date, state: STATE.in, via_request: p.viaRequest, min_id: p.minId }
  return db
    .insertInto('channel_member')
    .values({ channel_id: p.channel, user_id: p.user, ...row })
    .onConflict((c) => c.columns(['channel_id', 'user_id']).doUpdateSet(row))
})
const putDialog = query<{ owner: number; peer: number; read: number }>()((db, p) =>
  db
    .insertInto('dialog')
    .values({ owner: p.owner, peer: p.peer, read_inbox: p.read })
    .onConflict((c) => c.columns(['owner', 'peer']).doUpdateSet({ read_inbox: p.read, unread_mark: 0, hidden: 0 })),
)

/** What counts in a channel's own row: who is in, who administers, who was removed, who is restricted. */
function counted(ctx: Ctx, member: ChannelMemberRow | undefined) {
  const banned = isBanned(ctx, member)
  return {
    members: isIn(member) ? 1 : 0,
    admins: isIn(member) && member.role >= ROLE.admin ? 1 : 0,
    kicked: banned && member!.state === STATE.kicked ? 1 : 0,
    banned: banned && member!.state !== STATE.kicked ? 1 : 0,
  }
}

/**
 * Keeps everybody else from changing a channel's members and settings to the end of the transaction. Its box comes
 * first, as it does where somebody posts: the channel's box, its row, then the boxes of people.
 */
export async function lockChannel(tx: Tx, id: number): Promise<ChannelRef> {
  await lockBoxes(tx, [channelPeer(id)])
  await tx.run(bump, { id, members: 0, admins: 0, kicked: 0, banned: 0 })
  return ownChannel(tx, id)
}

/** Tells one account's devices that a channel has changed for it. */
export async function tellChannel(tx: Tx, user: number, channelId: number): Promise<tl.Update> {
  const update: tl.Update = { _: 'updateChannel', channelId }
  await tx.publish(user, { kind: 'update', update })
  return update
}

/** Tells whoever is in a channel that its settings have changed, by its own log. */
export async function tellAll(tx: Tx, channelId: number): Promise<tl.Update> {
  const update: tl.Update = { _: 'updateChannel', channelId }
  await tx.publish(channelPeer(channelId), { kind: 'update', update })
  return update
}

/**
 * Puts somebody into a channel (again); whoever is in already stays as they are. They read its box from here on, and
 * what was said before counts as read.
 * @returns false for who was in
 */
export async function putIn(
  tx: Tx,
  channel: ChannelRow,
  user: number,
  how: CameBy & { inviter: number; viaRequest?: boolean; source?: JoinSource },
): Promise<boolean> {
  const before = await channelMember(tx, channel.id, user)
  if (isIn(before)) return false
  const peer = channelPeer(channel.id)
  await lockWithBots(tx, peer, [user])
  const { pos } = await boxState(tx, peer)
  const [row] = await tx.run(bump, { id: channel.id, members: 0, admins: 0, kicked: 0, banned: 0 })
  const minId = row!.hidden_prehistory === 1 ? row!.top_message : 0
  const viaRequest = how.viaRequest ? 1 : 0
  const at = { channel: channel.id, user, inviter: how.inviter, date: tx.now, viaRequest }
  await tx.run(putMember, { ...at, minId: Math.max(minId, before?.min_id ?? 0) })
  if (channel.boosts > 0) await countOwnBoosts(tx, channel.id, user)
  await tx.run(putDialog, { owner: user, peer, read: row!.top_message })
  const after = (await channelMember(tx, channel.id, user))!
  await recount(tx, channel.id, before, after)
  await countStat(tx, channel.id, 'join', how.source ?? 'added')
  tx.onCommit(() => tx.app.hub.follow(user, peer, pos))
  await tellChannel(tx, user, channel.id)
  await tellChannelBots(tx, channel.id, before, after, how)
  if (channel.megagroup === 1) await welcome(tx, peer, user)
  return true
}

/** Brings a channel's counters up to a change of one member. */
export async function recount(
  tx: Tx,
  channelId: number,
  before: ChannelMemberRow | undefined,
  after: ChannelMemberRow | undefined,
): Promise<void> {
  const was = counted(tx, before)
  const is = counted(tx, after)
  if (is.members < was.members) await countStat(tx, channelId, 'leave')
  await tx.run(bump, {
    id: channelId,
    members: is.members - was.members,
    admins: is.admins - was.admins,
    kicked: is.kicked - was.kicked,
    banned: is.banned - was.banned,
  })
}

/** Those who have less rights than others are looked at one by one up to so many. */
const LOOKED_AT = 1000

/**
 * How many are kept out of a channel, and how many are restricted in it. Its counters do not notice when that ends by
 * itself, so that they are too high rather than too low: where they are low enough the rows are looked at.
 */
export async function bansOf(ctx: Ctx, row: ChannelRow): Promise<Pick<ChannelRow, 'kicked' | 'banned'>> {
  const { id, kicked, banned } = row
  if (kicked + banned === 0 || kicked + banned > LOOKED_AT) return { kicked, banned }
  const states = await ctx.db
    .selectFrom('channel_member')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .where('channel_id', '=', id)
    .where(ctx.app.store.d.rarely(sql<SqlBool>`state in (0, 1, 2)`))
    .where('banned_rights', 'is not', null)
    .where((eb) => eb.or([eb('banned_until', '=', 0), eb('banned_until', '>', ctx.now)]))
    .groupBy('state')
    .execute()
  const out = states.find((one) => one.state === STATE.kicked)?.count ?? 0
  return { kicked: out, banned: states.reduce((sum, one) => sum + one.count, 0) - out }
}

/** The tag that what somebody writes is shown with. */
const rankOf = (member: ChannelMemberRow | undefined): string | null => (isIn(member) ? member.rank : null)

/** Changes what a channel knows of somebody, whether or not they have been there. */
export async function setMember(
  tx: Tx,
  channelId: number,
  user: number,
  set: Partial<Omit<ChannelMemberRow, 'channel_id' | 'user_id'>>,
): Promise<{ before: ChannelMemberRow | undefined; after: ChannelMemberRow }> {
  if (user > 0) await lockWithBots(tx, channelPeer(channelId), [user])
  const before = await channelMember(tx, channelId, user)
  const fresh = { inviter: 0, date: tx.now, state: STATE.left }
  await tx.trx
    .insertInto('channel_member')
    .values({ channel_id: channelId, user_id: user, ...fresh, ...set })
    .onConflict((c) => c.columns(['channel_id', 'user_id']).doUpdateSet(set))
    .execute()
  const after = (await channelMember(tx, channelId, user))!
  await recount(tx, channelId, before, after)
  if (rankOf(before) !== rankOf(after)) tx.onCommit(() => tx.app.hub.outdate(channelPeer(channelId)))
  if (isIn(before) && !isIn(after)) tx.onCommit(() => tx.app.hub.follow(user, channelPeer(channelId), undefined))
  // A channel that may not speak here is not told of it.
  if (user > 0) await tellChannel(tx, user, channelId)
  await tellChannelBots(tx, channelId, before, after)
  if ('role' in set || 'admin_rights' in set || 'state' in set) await followRights(tx, channelId, user)
  return { before, after }
}

/** Takes somebody out who goes by themselves. A creator may come back as one. */
export async function takeOut(tx: Tx, channelId: number, user: number): Promise<void> {
  const before = await channelMember(tx, channelId, user)
  if (!isIn(before)) return
  const stays = before.role === ROLE.creator
  const set = stays ? {} : { role: ROLE.member, admin_rights: null, rank: null, promoted_by: null }
  await setMember(tx, channelId, user, { ...set, state: STATE.left })
}

/** A service message in a channel. */
export async function announceIn(tx: Tx, from: Actor, channelId: number, content: NewMessage): Promise<Sent> {
  return sendMessage(tx, from, await ownChannel(tx, channelId), content)
}

/** https://core.telegram.org/type/ChannelParticipant */
export function viewMember(ctx: Ctx, channel: ChannelRef, row: ChannelMemberRow): tl.ChannelParticipant {
  const { user_id: userId, inviter: inviterId, date } = row
  const rank = row.rank ?? undefined
  const peer = toPeer(userId)
  const self = userId === ctx.viewer
  if (row.role === ROLE.creator && isIn(row)) {
    return { _: 'channelParticipantCreator', userId, adminRights: adminRights(channel.row, row)!, rank }
  }
  if (isIn(row) && row.role === ROLE.admin) {
    return {
      _: 'channelParticipantAdmin',
      canEdit: mayEditAdmin(channel, row, ctx.viewer) || undefined,
      self: self || undefined,
      userId,
      inviterId: self ? inviterId : undefined,
      promotedBy: row.promoted_by ?? inviterId,
      date,
      adminRights: adminRights(channel.row, row)!,
      rank,
    }
  }
  const rights = bannedRights(ctx, row)
  if (rights) {
    const left = !isIn(row) || undefined
    const at = row.banned_date || date
    return {
      _: 'channelParticipantBanned',
      left,
      peer,
      kickedBy: row.kicked_by ?? 0,
      date: at,
      bannedRights: rights,
      rank,
    }
  }
  if (!isIn(row)) return { _: 'channelParticipantLeft', peer }
  if (self) {
    const viaRequest = row.via_request === 1 || undefined
    return { _: 'channelParticipantSelf', viaRequest, userId, inviterId, date, rank }
  }
  return { _: 'channelParticipant', userId, date, rank }
}

/** An administrator is changed by the creator, and by whom they were made one. */
export function mayEditAdmin(channel: ChannelRef, row: ChannelMemberRow, viewer: number): boolean {
  if (row.role === ROLE.creator) return false
  if (channel.member?.role === ROLE.creator && isIn(channel.member)) return true
  return hasRight(channel, 'addAdmins') && row.promoted_by === viewer && row.user_id !== viewer
}

/** Notes what somebody did, for the recent actions. `text` is what a search finds it by. */
export async function logEvent(
  tx: Tx,
  channelId: number,
  kind: Exclude<keyof tl.channelAdminLogEventsFilter, '_'>,
  action: tl.ChannelAdminLogEventAction,
  text = '',
  by = tx.userId,
): Promise<void> {
  const id = await nextId(tx.trx, `channel event ${channelId}`)
  const row = { id, date: tx.now, user_id: by, kind, action: atRest(action), text: text.toLowerCase() }
  await tx.trx
    .insertInto('channel_event')
    .values({ channel_id: channelId, ...row })
    .execute()
}

/** Anonymous administrators, whom the other administrators alone find among a group's members. */
export async function unlisted(ctx: Ctx, { row, member }: ChannelRef): Promise<number[]> {
  if (row.megagroup === 0 || isAdmin(member)) return []
  const admins = await channelAdmins(ctx, row.id)
  const anonymous = admins.filter((one) => one.user_id !== ctx.viewer && adminRights(row, one)?.anonymous)
  return anonymous.map((one) => one.user_id)
}

/** Whether the viewer may see who is in a channel. */
export function maySeeMembers(channel: ChannelRef): boolean {
  const { row, member } = channel
  if (member && isIn(member) && member.role >= ROLE.admin) return true
  return row.megagroup === 1 && row.participants_hidden === 0 && row.monoforum === 0
}

export { FOREVER, isPublic }
