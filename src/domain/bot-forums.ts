import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import type { PeerRef, UserRef } from './access.ts'
import type { MessageRow } from './message-rows.ts'
import type { Answered, NewMessage } from './send.ts'
import { userRow } from './user-rows.ts'

/** Private chats of bots with topics in them. https://core.telegram.org/api/forum */

export type BotTopicRow = Selectable<Tables['bot_topic']>

/** The private chat of a person and a bot that has topics, as one of the two names it. */
export interface BotForum {
  readonly kind: 'bot'
  /** The other one; marked ids of accounts are their ids. */
  readonly user: UserRef
  readonly peer: number
  /** Whether who asks may open, change and delete topics: the bot, and people where it lets them. */
  readonly manages: boolean
}

const byId = query<{ owner: number; peer: number; id: number }>()((db, p) =>
  db
    .selectFrom('bot_topic')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('id', '=', p.id)
    .where('deleted', '=', 0),
)
const byIds = query<{ owner: number; ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('bot_topic')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('id', 'in', d.each(p.ids) as never)
    .where('deleted', '=', 0),
)
const byOrigin = query<{ owner: number; origin: number }>()((db, p) =>
  db
    .selectFrom('bot_topic')
    .select('id')
    .where('owner', '=', p.owner)
    .where('origin', '=', p.origin)
    .where('deleted', '=', 0),
)
/** Locks the topic, too: it is not deleted while somebody writes into it. */
const raise = query<{ owner: number; peer: number; id: number; top: number; date: number }>()((db, p) =>
  db
    .updateTable('bot_topic')
    .set((eb) => ({ top_message: p.top, top_date: p.date, messages: eb('messages', '+', 1) }))
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('id', '=', p.id)
    .where('deleted', '=', 0)
    .returning('origin'),
)

/** The topics that a private chat has: none but where one of the two is a bot that was set up for them. */
export async function botForum(ctx: Ctx, peer: PeerRef): Promise<BotForum | undefined> {
  if (peer.kind !== 'user' || peer.self) return undefined
  if (peer.row.bot === 1) {
    if (peer.row.bot_forum === 0) return undefined
    return { kind: 'bot', user: peer, peer: peer.peer, manages: peer.row.bot_forum_users === 1 }
  }
  // A bot never acts but in a session of its own.
  if (!ctx.session?.auth.bot) return undefined
  const own = await userRow(ctx, ctx.userId)
  return own?.bot_forum === 1 ? { kind: 'bot', user: peer, peer: peer.peer, manages: true } : undefined
}

/** A topic of the caller's chat by its id. */
export async function botTopic(ctx: Ctx, forum: Pick<BotForum, 'peer'>, id: number): Promise<BotTopicRow | undefined> {
  const [row] = await ctx.run(byId, { owner: ctx.userId, peer: forum.peer, id })
  return row
}

/** Topics of an account by their ids, of whichever chats they are; those that are not there are missing. */
export async function botTopics(ctx: Ctx, owner: number, ids: readonly number[]): Promise<Map<number, BotTopicRow>> {
  if (ids.length === 0) return new Map()
  return new Map((await ctx.run(byIds, { owner, ids })).map((row) => [row.id, row]))
}

/** Under which id another account has a topic of this one's. */
export async function topicOfOther(ctx: Ctx, other: number, origin: number): Promise<number | undefined> {
  const [row] = await ctx.run(byOrigin, { owner: other, origin })
  return row?.id
}

/**
 * The topic that a client means, of what it answers or names; undefined where it is said in none, which every such chat
 * allows. TOPIC_DELETED for one that is named and gone.
 */
export async function botTopicNamed(
  ctx: Ctx,
  forum: BotForum,
  source: PeerRef,
  to: MessageRow | undefined,
  input: tl.inputReplyToMessage,
): Promise<BotTopicRow | undefined> {
  const own = source.peer === forum.peer && !(input.replyToPeerId && input.topMsgId)
  const answered = own && to?.thread ? await botTopic(ctx, forum, to.thread) : undefined
  if (answered) return answered
  if (input.topMsgId === undefined) return undefined
  const named = await botTopic(ctx, forum, input.topMsgId)
  if (!named) throw new RpcError('TOPIC_DELETED')
  return named
}

/** What is said in a topic of such a chat, and nothing more of it. */
export function saidInBotTopic(topic: number): Answered {
  return { header: { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: topic }, thread: topic }
}

/**
 * Puts both copies of a private message into its topic, each under the id that its owner has it by; nothing happens to
 * what is said in none. Their own ids are known already.
 */
export async function placeInBotTopic(
  tx: Tx,
  content: NewMessage,
  own: MessageRow,
  copy: MessageRow | undefined,
): Promise<void> {
  if (content.action?._ === 'messageActionTopicCreate') {
    own.thread = own.id
    if (copy) copy.thread = copy.id
    return
  }
  const thread = content.reply?.thread
  if (thread === undefined) return
  const at = { owner: own.owner, peer: own.peer }
  const [row] = await tx.run(raise, { ...at, id: thread, top: own.id, date: own.date })
  if (!row) throw new RpcError('TOPIC_DELETED')
  own.thread = thread
  own.reply_to ??= thread
  if (!copy) return
  const theirs = await topicOfOther(tx, copy.owner, row.origin)
  if (theirs === undefined) return
  await tx.run(raise, { owner: copy.owner, peer: copy.peer, id: theirs, top: copy.id, date: copy.date })
  copy.thread = theirs
  copy.reply_to ??= theirs
}

/** Opens a topic on both sides of a chat, at the message that says so; `other` is the id of the other side's copy. */
export async function insertBotTopic(
  tx: Tx,
  said: MessageRow,
  other: number | undefined,
  topic: Pick<BotTopicRow, 'title' | 'title_missing' | 'icon_color' | 'icon_emoji'>,
): Promise<void> {
  const { origin, date } = said
  const shared = { origin, date, creator: said.owner, found_by: topic.title.toLowerCase(), ...topic }
  const row = (owner: number, peer: number, id: number) => ({
    ...{ owner, peer, id, top_message: id, top_date: date, messages: 1 },
    ...shared,
  })
  await tx.trx
    .insertInto('bot_topic')
    .values(row(said.owner, said.peer, said.id))
    .execute()
  if (other !== undefined)
    await tx.trx
      .insertInto('bot_topic')
      .values(row(said.peer, said.owner, other))
      .execute()
}

/** A topic as it stands on the caller's side, kept from changing to the end of the transaction: TOPIC_ID_INVALID. */
export async function lockBotTopic(tx: Tx, forum: BotForum, id: number): Promise<BotTopicRow> {
  const row = await tx.trx
    .updateTable('bot_topic')
    .set((eb) => ({ deleted: eb.ref('deleted') }))
    .where('owner', '=', tx.userId)
    .where('peer', '=', forum.peer)
    .where('id', '=', id)
    .where('deleted', '=', 0)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new RpcError('TOPIC_ID_INVALID')
  return row
}

/** Changes a topic on both sides of its chat. */
export async function setBotTopic(
  tx: Tx,
  topic: BotTopicRow,
  set: Partial<Pick<BotTopicRow, 'title' | 'title_missing' | 'icon_emoji' | 'pinned' | 'deleted'>>,
): Promise<void> {
  await tx.trx
    .updateTable('bot_topic')
    .set({ ...set, ...(set.title === undefined ? undefined : { found_by: set.title.toLowerCase() }) })
    .where('owner', 'in', [topic.owner, topic.peer])
    .where('origin', '=', topic.origin)
    .execute()
}

/** A topic that has lost messages: how many are left, and the newest of them. The one that opened it takes it along. */
export async function settleBotTopics(
  tx: Tx,
  owner: number,
  peer: number,
  gone: readonly Pick<MessageRow, 'id' | 'thread'>[],
): Promise<void> {
  for (const [id, rows] of Map.groupBy(gone, (row) => row.thread)) {
    if (id === null) continue
    const opening = rows.some((row) => row.id === id)
    const top = await tx.trx
      .selectFrom('message')
      .select(['id', 'date'])
      .where('owner', '=', owner)
      .where('thread', '=', id)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    await tx.trx
      .updateTable('bot_topic')
      .set((eb) => ({
        messages: eb('messages', '-', rows.length),
        ...(top ? { top_message: top.id, top_date: top.date } : { top_message: id }),
        ...(opening ? { deleted: 1, pinned: 0 } : {}),
      }))
      .where('owner', '=', owner)
      .where('peer', '=', peer)
      .where('id', '=', id)
      .execute()
  }
}
