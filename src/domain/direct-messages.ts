import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { nextId, query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { lockBoxes, openBox } from '../updates/log.ts'
import { access, type ChannelRef, namedPeer, ownChannel } from './access.ts'
import { putIn, setMember } from './channel-members.ts'
import { adminRights, isAdmin, isIn } from './channel-rights.ts'
import { type ChannelMemberRow, type ChannelRow, channelAdmins, channelMember, channelRow } from './channel-rows.ts'
import { setChannel } from './channel-settings.ts'
import { ROLE } from './chat-rows.ts'
import type { MessageRow } from './message-rows.ts'
import { atRest } from './message-view.ts'
import { channelPeer, MONOFORUM_BASE } from './peers.ts'
import type { NewMessage } from './send.ts'

/**
 * A channel's direct messages: a supergroup of their own, its monoforum, in which everybody sees the messages between
 * themselves and the channel, and the channel's administrators those of all. https://core.telegram.org/api/monoforum
 */

/** What an administrator of the channel may do with its direct messages. */
const MANAGER: tl.chatAdminRights = {
  _: 'chatAdminRights',
  deleteMessages: true,
  pinMessages: true,
  manageDirectMessages: true,
  other: true,
}

const topicBy = query<{ channel: number; peer: number }>()((db, p) =>
  db.selectFrom('direct_topic').selectAll().where('channel_id', '=', p.channel).where('peer', '=', p.peer),
)
const raise = query<{ channel: number; peer: number; top: number; date: number }>()((db, p) =>
  db
    .insertInto('direct_topic')
    .values({ channel_id: p.channel, peer: p.peer, top_message: p.top, top_date: p.date, messages: 1 })
    .onConflict((c) =>
      c.columns(['channel_id', 'peer']).doUpdateSet((eb) => ({
        top_message: p.top,
        top_date: p.date,
        messages: eb('direct_topic.messages', '+', 1),
      })),
    ),
)
const newestIn = query<{ owner: number; peer: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select(['id', 'date'])
    .where('owner', '=', p.owner)
    .where('saved_peer', '=', p.peer)
    .orderBy('id', 'desc')
    .limit(1),
)
const settle = query<{ channel: number; peer: number; top: number; date: number; gone: number }>()((db, p) =>
  db
    .updateTable('direct_topic')
    .set((eb) => ({ top_message: p.top, top_date: p.date, messages: eb('messages', '-', p.gone) }))
    .where('channel_id', '=', p.channel)
    .where('peer', '=', p.peer),
)

export type DirectTopic = NonNullable<Awaited<ReturnType<typeof directTopic>>>

/** What is known of the direct messages with somebody; undefined where nothing was said. */
export async function directTopic(ctx: Ctx, channel: number, peer: number) {
  const [row] = await ctx.run(topicBy, { channel, peer })
  return row
}

/** Whether somebody answers the direct messages of a channel. */
export function answersDirect(row: ChannelRow, member: ChannelMemberRow | undefined): boolean {
  return isIn(member) && adminRights(row, member)?.manageDirectMessages === true
}

/**
 * Makes the monoforum of a channel, with all who answer its direct messages in it; or gives the one there is.
 * @returns its id
 */
export async function openMonoforum(tx: Tx, channel: ChannelRef): Promise<number> {
  const { row } = channel
  if (row.monoforum_link !== null) return row.monoforum_link
  const id = MONOFORUM_BASE + (await nextId(tx.trx, 'monoforum'))
  const kind = { megagroup: 1, monoforum: 1, monoforum_link: channel.id }
  await tx.trx
    .insertInto('channel')
    .values({ id, title: row.title, creator: row.creator, date: tx.now, ...kind })
    .execute()
  await openBox(tx, channelPeer(id))
  await setChannel(tx, channel, { monoforum_link: id })
  for (const admin of await channelAdmins(tx, channel.id)) await seatManager(tx, row, id, admin)
  return id
}

/** Somebody's rights in a channel have changed: whether they answer its direct messages follows. */
export async function followRights(tx: Tx, channelId: number, user: number): Promise<void> {
  const row = await channelRow(tx, channelId)
  if (!row || row.monoforum_link === null || row.monoforum === 1) return
  await seatManager(tx, row, row.monoforum_link, await channelMember(tx, channelId, user), user)
}

async function seatManager(
  tx: Tx,
  parent: ChannelRow,
  monoforum: number,
  member: ChannelMemberRow | undefined,
  user = member?.user_id ?? 0,
): Promise<void> {
  const seat = await channelMember(tx, monoforum, user)
  const answers = answersDirect(parent, member)
  if (answers === isAdmin(seat) || (!answers && !seat)) return
  const room = (await channelRow(tx, monoforum))!
  if (answers) {
    await putIn(tx, room, user, { inviter: user })
    // They answer, react and vote for the channel, whoever of them it is.
    const voice = { send_as: channelPeer(parent.id) }
    await setMember(tx, monoforum, user, {
      role: ROLE.admin,
      admin_rights: atRest(MANAGER),
      promoted_by: user,
      ...voice,
    })
    return
  }
  // Whoever wrote to the channel themselves keeps that.
  const own = await directTopic(tx, monoforum, user)
  const plain = { role: ROLE.member, admin_rights: null, promoted_by: null, send_as: null }
  await setMember(tx, monoforum, user, own ? plain : { ...plain, state: 1 })
}

/**
 * Whose direct messages (marked id) the caller writes into: their own, or those that a client names where they answer
 * for the channel. REPLY_TO_MONOFORUM_PEER_INVALID.
 */
export async function topicMeant(
  ctx: Ctx,
  channel: ChannelRef,
  input: tl.InputReplyTo | undefined,
  answered: MessageRow | undefined,
): Promise<number> {
  const given =
    input?._ === 'inputReplyToMonoForum' || input?._ === 'inputReplyToMessage' ? input.monoforumPeerId : undefined
  const named = given && namedPeer(ctx, given)
  if (channel.topic !== undefined) {
    if (named !== undefined && named !== channel.topic) throw new RpcError('REPLY_TO_MONOFORUM_PEER_INVALID')
    return channel.topic
  }
  if (given) await access.peer(ctx, given)
  const topic = named ?? answered?.saved_peer ?? undefined
  if (topic === undefined || !(await directTopic(ctx, channel.id, topic))) {
    throw new RpcError('REPLY_TO_MONOFORUM_PEER_INVALID')
  }
  if (answered && answered.saved_peer !== topic) throw new RpcError('REPLY_MESSAGE_ID_INVALID')
  return topic
}

/** How something is said in a topic: those who answer speak for their channel. */
export function saidIn(channel: ChannelRef, topic: number): Pick<NewMessage, 'topic' | 'sendAs'> {
  return { topic, sendAs: channel.topic === undefined ? channelPeer(channel.row.monoforum_link!) : undefined }
}

/** Whoever writes to a channel reads its answers from then on. */
export async function openTopic(tx: Tx, channel: ChannelRef, topic: number): Promise<void> {
  if (topic !== tx.viewer || isIn(channel.member)) return
  // In the order of whoever has come in already and just writes.
  await lockBoxes(tx, [channel.peer])
  await putIn(tx, channel.row, topic, { inviter: topic })
}

/** Notes the newest of somebody's direct messages. */
export async function raiseTopic(tx: Tx, channel: ChannelRef, row: MessageRow): Promise<void> {
  await tx.run(raise, { channel: channel.id, peer: row.saved_peer!, top: row.id, date: row.date })
}

/** Brings topics up to messages that were deleted out of them. */
export async function settleTopics(tx: Tx, channel: number, gone: readonly MessageRow[]): Promise<void> {
  const owner = channelPeer(channel)
  const direct = gone.filter((row) => row.saved_peer !== null)
  for (const [peer, rows] of Map.groupBy(direct, (row) => row.saved_peer!)) {
    const [top] = await tx.run(newestIn, { owner, peer })
    await tx.run(settle, { channel, peer, top: top?.id ?? 0, date: top?.date ?? 0, gone: rows.length })
  }
  await tx.trx
    .deleteFrom('suggested_post')
    .where('channel_id', '=', channel)
    .where('message_id', 'in', direct.length > 0 ? direct.map((row) => row.id) : [0])
    .execute()
}

/**
 * Refuses to write for free where every message costs Telegram Stars: ALLOW_PAYMENT_REQUIRED_%d. Administrators, and
 * those whom they exempt, pay nothing. https://core.telegram.org/api/paid-messages
 */
export async function mustPay(
  ctx: Ctx,
  channel: ChannelRef,
  offered: bigint | undefined,
  messages: number,
): Promise<void> {
  const price = (await priceFor(ctx, channel)) * messages
  if (price === 0) return
  if ((offered ?? 0n) < BigInt(price)) throw new RpcError('ALLOW_PAYMENT_REQUIRED_%d', price)
  // @TODO paying for messages: ends with the stars.
  throw new RpcError('NOT_IMPLEMENTED')
}

/** Stars that a message of the viewer costs here. */
export async function priceFor(ctx: Ctx, channel: ChannelRef): Promise<number> {
  const { row, topic } = channel
  if (row.paid_stars === 0 || row.megagroup === 0 || isAdmin(channel.member)) return 0
  if (topic !== undefined && (await directTopic(ctx, channel.id, topic))?.free === 1) return 0
  return row.paid_stars
}

/** A monoforum named as the parent of what is asked for, of which the caller answers. PARENT_PEER_INVALID and the like. */
export async function managedMonoforum(
  ctx: Ctx,
  input: tl.InputPeer,
  error: 'PARENT_PEER_INVALID' | 'PEER_ID_INVALID' = 'PEER_ID_INVALID',
): Promise<ChannelRef> {
  const parent = await access.peer(ctx, input)
  if (parent.kind !== 'channel' || parent.row.monoforum === 0) throw new RpcError(error)
  if (!isAdmin(parent.member)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  return parent
}

/** Who answers direct messages, in the order of their boxes. */
export async function managersOf(ctx: Ctx, monoforum: number): Promise<number[]> {
  const admins = await channelAdmins(ctx, monoforum)
  return admins
    .filter((one) => isAdmin(one))
    .map((one) => one.user_id)
    .sort((a, b) => a - b)
}

/** The channel of a monoforum. */
export const parentOf = (ctx: Ctx, monoforum: ChannelRef): Promise<ChannelRef> =>
  ownChannel(ctx, monoforum.row.monoforum_link!)

/**
 * Of a monoforum's messages (`x`, of the channel `c`) what somebody is to read: who wrote to the channel its answers, who
 * answers what was written and they have not read by its topic. Everywhere else all.
 */
export function unreadDirect(user: RawBuilder<unknown> | number): RawBuilder<SqlBool> {
  return sql<SqlBool>`(c.monoforum = 0 or exists (select 1 from channel_member as dm
    where dm.channel_id = c.id and dm.user_id = ${user} and (
      (dm.role = 0 and x.saved_peer = dm.user_id)
      or (dm.role > 0 and x.from_id = x.saved_peer and x.id > coalesce((select r.read_inbox from direct_read as r
        where r.channel_id = c.id and r.user_id = dm.user_id and r.peer = x.saved_peer), 0)))))`
}
