import { type SqlBool, sql } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { access, type ChannelRef, ownUser, type UserRef } from './access.ts'
import { lockWithBots } from './bot-updates.ts'
import { announceHeir, awaitCreator, channelHeir } from './channel-heirs.ts'
import { inviteOf, withdrawRequest } from './channel-invites.ts'
import { announceIn, lockChannel, logEvent, putIn, takeOut, viewMember } from './channel-members.ts'
import { hasLeft, isCreator, isIn, isKicked } from './channel-rights.ts'
import { channelMember } from './channel-rows.ts'
import { allowedBy } from './privacy.ts'
import { hasBlocked, type Sent } from './send.ts'
import { sentUpdates } from './sent.ts'
import { userRow } from './user-rows.ts'
import { areMutual } from './users.ts'

/** Channels and supergroups that one account may be in. https://core.telegram.org/api/config#client-configuration */
const CHANNELS = 500
const CHANNELS_PREMIUM = 1000

/** Bots in one channel or supergroup. */
const BOTS = 20

/** How somebody comes in: by a link of theirs, or because an administrator let them in. */
export interface Door {
  invite?: { invite: tl.ExportedChatInvite; inviter: number } | undefined
  /** The community that shows it to those who are in it. */
  community?: number | undefined
  /** Who let them in that asked to be. */
  approvedBy?: number | undefined
  /** Who shared the folder by which they come. */
  sharedBy?: number | undefined
}

/** Refuses who is in too many channels already: CHANNELS_TOO_MUCH for oneself, USER_CHANNELS_TOO_MUCH for others. */
export async function mayHaveOneMore(ctx: Ctx, user: number): Promise<void> {
  const { count } = await ctx.db
    .selectFrom('channel_member as m')
    .innerJoin('channel as c', 'c.id', 'm.channel_id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('m.user_id', '=', user)
    .where('m.state', '=', 0)
    .where('c.deleted', '=', 0)
    .where('c.monoforum', '=', 0)
    .executeTakeFirstOrThrow()
  if (count < CHANNELS) return
  const row = await userRow(ctx, user)
  // Bots are wherever people want them.
  if (row?.bot === 1 || (row?.premium === 1 && count < CHANNELS_PREMIUM)) return
  throw new RpcError(user === ctx.viewer ? 'CHANNELS_TOO_MUCH' : 'USER_CHANNELS_TOO_MUCH')
}

/** Refuses one bot too many: BOTS_TOO_MUCH. */
async function mayHaveOneMoreBot(tx: Tx, id: number): Promise<void> {
  // Bots are few, and have an index: the plus keeps the one of all members out of it.
  const { count } = await tx.trx
    .selectFrom('channel_member as m')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('m.channel_id', '=', id)
    .where(sql<SqlBool>`+m.state = 0`)
    .where('m.user_id', 'in', (eb) => eb.selectFrom('user as b').select('b.id').where('b.bot', '=', sql.lit(1)))
    .executeTakeFirstOrThrow()
  if (count >= BOTS) throw new RpcError('BOTS_TOO_MUCH')
}

/** The caller joins; whoever was removed is kept out. */
export async function joinMyself(tx: Tx, channelId: number, door: Door = {}): Promise<tl.updates> {
  await mayHaveOneMore(tx, tx.userId)
  const channel = await lockChannel(tx, channelId)
  if (isKicked(tx, channel.member)) throw new RpcError('CHANNEL_PRIVATE')
  if (isIn(channel.member)) throw new RpcError('USER_ALREADY_PARTICIPANT')
  const bounded = channel.row.megagroup === 1 && channel.row.gigagroup === 0
  if (bounded && channel.row.members >= tx.app.config.limits.megagroupMembers) {
    throw new RpcError('USERS_TOO_MUCH')
  }
  if (channel.row.join_request === 1 && !door.invite && door.approvedBy === undefined && !door.sharedBy) {
    throw new RpcError('INVITE_REQUEST_SENT')
  }
  const sent = await comeIn(tx, channel, tx.userId, door)
  return sentUpdates(tx, sent, [{ _: 'updateChannel', channelId }])
}

/**
 * Whether the group is told by a message who comes and goes. Large ones are not: where thousands come at once, each of
 * them would be sent the names of all others. No number is published; authors of bots report some 10,000 members, which
 * is what `limits.announcedMembers` begins with.
 */
function isAnnounced(ctx: Ctx, { row }: ChannelRef): boolean {
  return row.megagroup === 1 && row.members < ctx.app.config.limits.announcedMembers
}

/** Puts somebody in who comes by themselves, and tells the group. */
export async function comeIn(tx: Tx, channel: ChannelRef, user: number, door: Door): Promise<Sent[]> {
  const viaRequest = door.approvedBy !== undefined
  const inviter = door.invite?.inviter ?? door.sharedBy ?? door.approvedBy ?? user
  const source = viaRequest ? 'request' : door.invite ? 'link' : door.sharedBy ? 'folder' : 'public'
  const invite = door.invite?.invite ?? (door.sharedBy ? await inviteOf(tx, channel.peer, door.sharedBy) : undefined)
  const asked: tl.ExportedChatInvite = invite ?? { _: 'chatInvitePublicJoinRequests' }
  const viaChatlist = door.sharedBy !== undefined || undefined
  const by = { invite: viaRequest ? asked : invite, viaChatlist }
  if (!viaRequest) await withdrawRequest(tx, channel.peer, user)
  await putIn(tx, channel.row, user, { inviter, viaRequest, source, ...by })
  if (viaRequest) {
    const approvedBy = door.approvedBy!
    const action = { _: 'channelAdminLogEventActionParticipantJoinByRequest' as const, invite: asked, approvedBy }
    await logEvent(tx, channel.id, 'invites', action, '', user)
  } else if (invite) {
    const action = { _: 'channelAdminLogEventActionParticipantJoinByInvite' as const, viaChatlist, invite }
    await logEvent(tx, channel.id, 'invites', action, '', user)
  } else await logEvent(tx, channel.id, 'join', { _: 'channelAdminLogEventActionParticipantJoin' }, '', user)
  if (!isAnnounced(tx, channel)) return []
  const action: tl.MessageAction = viaRequest
    ? { _: 'messageActionChatJoinedByRequest' }
    : door.community !== undefined
      ? { _: 'messageActionChatJoinedViaCommunity', communityId: door.community }
      : door.invite || door.sharedBy
        ? { _: 'messageActionChatJoinedByLink', inviterId: inviter }
        : { _: 'messageActionChatAddUser', users: [user] }
  return [await announceIn(tx, await ownUser(tx, user), channel.id, { action, sendAs: user })]
}

/**
 * The caller leaves. A creator leaves to an administrator, who has it after a week in which they may come back; without
 * one a supergroup waits for its creator, and a channel lets them not go: USER_CREATOR.
 */
export async function leaveMyself(tx: Tx, channel: ChannelRef): Promise<Sent[]> {
  const next = isCreator(channel.member) ? await channelHeir(tx, channel.id) : undefined
  if (isCreator(channel.member) && !next && channel.row.megagroup === 0) throw new RpcError('USER_CREATOR')
  const { userId } = tx
  const sent: Sent[] = []
  if (isAnnounced(tx, channel)) {
    const action = { _: 'messageActionChatDeleteUser' as const, userId }
    sent.push(await announceIn(tx, access.me(tx), channel.id, { action }))
  }
  if (next) sent.push(...(await announceHeir(tx, channel, next)))
  await takeOut(tx, channel.id, userId)
  if (next) await awaitCreator(tx, channel, next)
  await logEvent(tx, channel.id, 'leave', { _: 'channelAdminLogEventActionParticipantLeave' })
  return sent
}

/**
 * Adds people to a channel; those who cannot be added because of their privacy are named. Who has left by themselves is
 * brought back by somebody they know.
 * @param administers they are to be administrators, as bots are in channels
 * @throws USER_KICKED, USER_BOT, USER_BLOCKED; USER_NOT_MUTUAL_CONTACT for a single one
 */
export async function addPeople(
  tx: Tx,
  channel: ChannelRef,
  users: readonly UserRef[],
  administers = false,
): Promise<{ added: number[]; missing: tl.MissingInvitee[] }> {
  const added: number[] = []
  const missing: tl.MissingInvitee[] = []
  await lockWithBots(
    tx,
    channel.peer,
    users.map((user) => user.id),
  )
  for (const user of users) {
    if (user.row.deleted === 1) throw new RpcError('INPUT_USER_DEACTIVATED')
    if (user.row.bot === 1 && channel.row.megagroup === 0 && !administers) throw new RpcError('USER_BOT')
    const before = await channelMember(tx, channel.id, user.id)
    if (isIn(before)) continue
    if (isKicked(tx, before)) throw new RpcError('USER_KICKED')
    if (await hasBlocked(tx, user.id, tx.userId)) throw new RpcError('USER_BLOCKED')
    const stranger = hasLeft(before) && user.row.bot === 0 && !(await areMutual(tx, user.id))
    if (stranger && users.length === 1) throw new RpcError('USER_NOT_MUTUAL_CONTACT')
    if (stranger || !(await allowedBy(tx, user.id, 'chatInvite'))) {
      missing.push({ _: 'missingInvitee', userId: user.id })
      continue
    }
    if (user.row.bot === 1) await mayHaveOneMoreBot(tx, channel.id)
    await mayHaveOneMore(tx, user.id)
    await withdrawRequest(tx, channel.peer, user.id)
    await putIn(tx, channel.row, user.id, { inviter: tx.userId })
    added.push(user.id)
    const participant = viewMember(tx, channel, (await channelMember(tx, channel.id, user.id))!)
    await logEvent(tx, channel.id, 'invite', { _: 'channelAdminLogEventActionParticipantInvite', participant })
  }
  return { added, missing }
}
