import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { Context, type Ctx, type Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import type { FactOf } from '../updates/facts.ts'
import { lockBoxes } from '../updates/log.ts'
import { ownChannel } from './access.ts'
import { viewMember } from './channel-members.ts'
import { adminRights, isIn } from './channel-rights.ts'
import type { ChannelMemberRow } from './channel-rows.ts'
import { viewParticipant } from './chat-members.ts'
import { GONE, type MemberRow, memberRow, memberRows } from './chat-rows.ts'
import { bareId, channelPeer, isMonoforum, kindOf, toPeer } from './peers.ts'
import { allowedBy } from './privacy.ts'
import { userRow } from './user-rows.ts'

const inChannel = query<{ id: number }>()((db, p) =>
  db
    .selectFrom('channel_member as m')
    .innerJoin('user as u', 'u.id', 'm.user_id')
    .selectAll('m')
    .where('m.channel_id', '=', p.id)
    // Said in the words of the index of those few who administrate.
    .where('m.role', '>', sql.lit(0))
    .where('m.state', '=', sql.lit(0))
    .where('u.bot', '=', sql.lit(1))
    .where('u.deleted', '=', sql.lit(0))
    .orderBy('m.user_id'),
)
const inChat = query<{ id: number }>()((db, p) =>
  db
    .selectFrom('chat_member as m')
    .innerJoin('user as u', 'u.id', 'm.user_id')
    .select('m.user_id')
    .where('m.chat_id', '=', p.id)
    .where('m.role', '>', sql.lit(0))
    .where('m.gone', '=', sql.lit(0))
    .where('u.bot', '=', sql.lit(1))
    .where('u.deleted', '=', sql.lit(0))
    .orderBy('m.user_id'),
)

/** By what somebody came in. */
export interface CameBy {
  invite?: tl.ExportedChatInvite | undefined
  /** A shared folder. */
  viaChatlist?: boolean | undefined
}

/** Bots that administrate a group or a channel, in ascending order. */
export async function adminBots(tx: Tx, peer: number): Promise<number[]> {
  const id = bareId(peer)
  if (kindOf(peer) === 'chat') return (await tx.run(inChat, { id })).map((row) => row.user_id)
  return (await tx.run(inChannel, { id })).map((row) => row.user_id)
}

/** Tells a bot, of its own doing too: no answer carries what only bots are told. */
export async function tellBot(tx: Tx, bot: number, update: FactOf<'counted'>['update']): Promise<void> {
  await tx.aloud.publish(bot, { kind: 'counted', update })
}

/**
 * Locks the boxes of people whom something concerns together with those of the bots that will be told of it: one bot
 * administrates many groups, and whoever takes the two in another order may wait for it in a ring.
 */
export async function lockWithBots(tx: Tx, peer: number, users: readonly number[]): Promise<void> {
  if (tx.app.store.dialect === 'sqlite') return
  const bots = await adminBots(tx, peer)
  if (bots.length > 0) await lockBoxes(tx, [...users, ...bots])
}

/** Who is told that somebody's place has changed: bots that administrate there, and the bot that it is about. */
async function concerned(tx: Tx, peer: number, user: number): Promise<number[]> {
  const bots = new Set(await adminBots(tx, peer))
  if (!bots.has(user)) {
    const row = await userRow(tx, user)
    if (row?.bot === 1 && row.deleted === 0) bots.add(user)
  }
  return [...bots].sort((a, b) => a - b)
}

/** Of a link that another administrator made a bot sees the beginning. */
function shownTo(bot: number, invite: tl.ExportedChatInvite | undefined): tl.ExportedChatInvite | undefined {
  if (invite?._ !== 'chatInviteExported' || invite.adminId === bot) return invite
  return { ...invite, link: `${invite.link.slice(0, (invite.link.length + invite.link.lastIndexOf('+') + 1) >> 1)}...` }
}

/**
 * Tells bots that somebody has come into a channel, gone out of it, or has other rights there than before. Nothing is
 * told where they see no difference. https://core.telegram.org/constructor/updateChannelParticipant
 */
export async function tellChannelBots(
  tx: Tx,
  channelId: number,
  before: ChannelMemberRow | undefined,
  after: ChannelMemberRow,
  how: CameBy = {},
): Promise<void> {
  const { user_id: userId } = after
  const peer = channelPeer(channelId)
  // Of channels that speak in a group no bot hears, nor of who answers a channel's direct messages.
  if (userId < 0 || isMonoforum(peer)) return
  for (const bot of await concerned(tx, peer, userId)) {
    const viewer = new Context(tx.app, bot, undefined, tx.trx)
    const channel = await ownChannel(viewer, channelId)
    const seen = (row: ChannelMemberRow | undefined) => {
      const view = row && viewMember(viewer, channel, row)
      return view?._ === 'channelParticipantLeft' ? undefined : view
    }
    const change = { prevParticipant: seen(before), newParticipant: seen(after) }
    if (isDeepStrictEqual(change.prevParticipant, change.newParticipant)) continue
    const update: tl.updateChannelParticipant = {
      _: 'updateChannelParticipant',
      viaChatlist: how.viaChatlist || undefined,
      channelId,
      date: tx.now,
      actorId: tx.viewer || userId,
      userId,
      ...change,
      invite: shownTo(bot, how.invite),
      qts: 0,
    }
    await tellBot(tx, bot, update)
  }
}

/**
 * The same in a basic group, where the row says what is so now.
 * https://core.telegram.org/constructor/updateChatParticipant
 */
export async function tellChatBots(
  tx: Tx,
  chatId: number,
  userId: number,
  before: MemberRow | undefined,
  how: CameBy = {},
): Promise<void> {
  const seen = (row: MemberRow | undefined) => (row?.gone === GONE.in ? viewParticipant(row) : undefined)
  const change = { prevParticipant: seen(before), newParticipant: seen(await memberRow(tx, chatId, userId)) }
  if (isDeepStrictEqual(change.prevParticipant, change.newParticipant)) return
  const bots = await concerned(tx, -chatId, userId)
  // The members will be told of it, too.
  if (bots.length > 0) {
    const members = await memberRows(tx, chatId)
    await lockBoxes(tx, [...members.map((member) => member.user_id), userId, ...bots])
  }
  for (const bot of bots) {
    const update: tl.updateChatParticipant = {
      _: 'updateChatParticipant',
      chatId,
      date: tx.now,
      actorId: tx.viewer || userId,
      userId,
      ...change,
      invite: shownTo(bot, how.invite),
      qts: 0,
    }
    await tellBot(tx, bot, update)
  }
}

/**
 * Tells bots that may let people in that somebody asks to be.
 * https://core.telegram.org/constructor/updateBotChatInviteRequester
 */
export async function tellRequester(
  tx: Tx,
  peer: number,
  userId: number,
  invite: tl.ExportedChatInvite,
): Promise<void> {
  for (const bot of await adminBots(tx, peer)) {
    if (kindOf(peer) === 'channel' && !(await letsIn(tx, bareId(peer), bot))) continue
    const about = (await allowedBy(tx, userId, 'about', bot)) ? (await userRow(tx, userId))!.about : ''
    const update: tl.updateBotChatInviteRequester = {
      _: 'updateBotChatInviteRequester',
      ...{ peer: toPeer(peer), date: tx.now, userId, about, invite: shownTo(bot, invite)!, qts: 0 },
    }
    await tellBot(tx, bot, update)
  }
}

async function letsIn(ctx: Ctx, channelId: number, bot: number): Promise<boolean> {
  const { row, member } = await ownChannel(new Context(ctx.app, bot, undefined, (ctx as Tx).trx), channelId)
  return isIn(member) && adminRights(row, member)?.inviteUsers === true
}

/**
 * Tells a channel's bots of boosts that it has got, or lost: those end at once.
 * https://core.telegram.org/constructor/updateBotChatBoost
 */
export async function tellBoostBots(tx: Tx, peer: number, boosts: readonly tl.Boost[]): Promise<void> {
  if (boosts.length === 0) return
  for (const bot of await adminBots(tx, peer)) {
    for (const boost of boosts) {
      const update: tl.updateBotChatBoost = { _: 'updateBotChatBoost', peer: toPeer(peer), boost, qts: 0 }
      await tellBot(tx, bot, update)
    }
  }
}

/** Tells a bot that somebody stopped it, or began it again. https://core.telegram.org/constructor/updateBotStopped */
export async function tellStopped(tx: Tx, bot: number, stopped: boolean): Promise<void> {
  await tellBot(tx, bot, { _: 'updateBotStopped', userId: tx.userId, date: tx.now, stopped, qts: 0 })
}
