import { access } from '../../domain/access.ts'
import {
  type BotForum,
  type BotTopicRow,
  insertBotTopic,
  lockBotTopic,
  saidInBotTopic,
  setBotTopic,
  topicOfOther,
} from '../../domain/bot-forums.ts'
import { copiesOf } from '../../domain/copies.ts'
import { toPeer } from '../../domain/peers.ts'
import { removeMessages } from '../../domain/remove-messages.ts'
import { maySend } from '../../domain/rights.ts'
import { copyId, sendMessage } from '../../domain/send.ts'
import { asUpdates, sentUpdates } from '../../domain/sent.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type { Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { boxState, lockBoxes, nextMessageId } from '../../updates/log.ts'
import { orderOf, PINNED } from './pins.ts'

/** How a new topic is to look. */
interface Looks {
  title: string
  titleMissing: boolean
  iconColor: number
  icon: string | null
}

/** CHAT_ADMIN_REQUIRED for who may not change the topics of a bot's chat; its boxes are locked. */
async function mustManage(tx: Tx, forum: BotForum): Promise<void> {
  if (!forum.manages) throw new RpcError('CHAT_ADMIN_REQUIRED')
  await lockBoxes(tx, [tx.userId, forum.peer])
}

/** Clients take the topic of number 1 for the general one, which these chats have not: nobody's first message opens one. */
async function leaveOutFirst(tx: Tx, owner: number): Promise<void> {
  const rows = tx.trx.selectFrom('box').select('message_id').where('owner', '=', owner)
  if ((await rows.executeTakeFirstOrThrow()).message_id === 0) await nextMessageId(tx, owner)
}

/** Opens a topic in the chat with a bot, on both sides. CHAT_ADMIN_REQUIRED where people may not. */
export async function createBotTopic(tx: Tx, forum: BotForum, looks: Looks, randomId: bigint): Promise<tl.updates> {
  await maySend(tx, forum.user, ['sendPlain'])
  await mustManage(tx, forum)
  const { title, titleMissing, iconColor, icon } = looks
  const action: tl.messageActionTopicCreate = {
    _: 'messageActionTopicCreate',
    titleMissing: titleMissing || undefined,
    title,
    iconColor,
    iconEmojiId: icon === null ? undefined : BigInt(icon),
  }
  for (const owner of [tx.userId, forum.peer].sort((a, b) => a - b)) await leaveOutFirst(tx, owner)
  const sent = await sendMessage(tx, access.me(tx), forum.user, { action, randomId })
  if (!sent.again) {
    const other = await copyId(tx, forum.peer, sent.row.origin)
    const row = { title, title_missing: titleMissing ? 1 : 0, icon_color: iconColor, icon_emoji: icon }
    await insertBotTopic(tx, sent.row, other, row)
  }
  return sentUpdates(tx, [sent])
}

/**
 * Renames a topic of a bot's chat or gives it another icon, and says so in it. Such topics are not closed or hidden:
 * TOPIC_ID_INVALID.
 */
export async function editBotTopic(
  tx: Tx,
  forum: BotForum,
  req: Params<'messages.editForumTopic'>,
  title: string | undefined,
  icon: string | null | undefined,
): Promise<tl.updates> {
  await mustManage(tx, forum)
  if (req.closed !== undefined || req.hidden !== undefined) throw new RpcError('TOPIC_ID_INVALID')
  const topic = await lockBotTopic(tx, forum, req.topicId)
  const set: Parameters<typeof setBotTopic>[2] = {}
  if (title !== undefined && title !== topic.title) Object.assign(set, { title, title_missing: 0 })
  if (icon !== undefined && icon !== topic.icon_emoji) set.icon_emoji = icon
  if (Object.keys(set).length === 0) throw new RpcError('TOPIC_NOT_MODIFIED')
  await setBotTopic(tx, topic, set)
  const action: tl.messageActionTopicEdit = {
    _: 'messageActionTopicEdit',
    title: set.title,
    iconEmojiId: set.icon_emoji === undefined ? undefined : BigInt(set.icon_emoji ?? 0),
  }
  const said = { action, reply: saidInBotTopic(topic.id) }
  return sentUpdates(tx, [await sendMessage(tx, access.me(tx), forum.user, said)])
}

/** Deletes a topic of a bot's chat with what was said in it, on both sides, by portions. */
export async function deleteBotTopic(
  tx: Tx,
  forum: BotForum,
  id: number,
  portion: number,
): Promise<tl.messages_affectedHistory> {
  await mustManage(tx, forum)
  const owner = tx.userId
  const topic = await tx.trx
    .selectFrom('bot_topic')
    .selectAll()
    .where('owner', '=', owner)
    .where('peer', '=', forum.peer)
    .where('id', '=', id)
    .executeTakeFirst()
  // A topic that is gone may have messages left from a call before.
  if (!topic) throw new RpcError('TOPIC_ID_INVALID')
  if (topic.deleted === 0) await setBotTopic(tx, topic, { deleted: 1, pinned: 0 })
  const said = tx.trx.selectFrom('message').where('owner', '=', owner).where('thread', '=', id)
  const rows = await said.select(['id', 'origin']).orderBy('id', 'desc').limit(portion).execute()
  const copies = await copiesOf(
    tx,
    owner,
    forum.peer,
    rows.map((row) => row.origin),
  )
  const published = (await removeMessages(tx, copies)).get(owner)
  const { left } = await said.select((eb) => eb.fn.countAll<number>().as('left')).executeTakeFirstOrThrow()
  const { pts } = published ?? (await boxState(tx, owner))
  return { _: 'messages.affectedHistory', pts, ptsCount: published?.ptsCount ?? 0, offset: left }
}

/** The caller's pinned topics of a chat, from the top. */
async function pinned(tx: Tx, forum: BotForum): Promise<BotTopicRow[]> {
  return tx.trx
    .selectFrom('bot_topic')
    .selectAll()
    .where('owner', '=', tx.userId)
    .where('peer', '=', forum.peer)
    .where('pinned', '>', 0)
    .where('deleted', '=', 0)
    .orderBy('pinned', 'desc')
    .execute()
}

/** Puts a topic of a bot's chat on top of the pinned ones, or takes it from there; both sides are told. */
export async function pinBotTopic(tx: Tx, forum: BotForum, id: number, pin: boolean): Promise<tl.updates> {
  await mustManage(tx, forum)
  const topic = await lockBotTopic(tx, forum, id)
  if (pin === topic.pinned > 0) throw new RpcError('TOPIC_NOT_MODIFIED')
  const others = await pinned(tx, forum)
  if (pin && others.length >= PINNED) throw new RpcError('PINNED_TOO_MUCH')
  await setBotTopic(tx, topic, { pinned: pin ? (others[0]?.pinned ?? 0) + 1 : 0 })
  const update = (peer: number, topicId: number): tl.Update => ({
    _: 'updatePinnedForumTopic',
    pinned: pin || undefined,
    peer: toPeer(peer),
    topicId,
  })
  const theirs = await topicOfOther(tx, forum.peer, topic.origin)
  if (theirs !== undefined) await tx.publish(forum.peer, { kind: 'update', update: update(tx.userId, theirs) })
  const own = update(forum.peer, id)
  await tx.publish(tx.userId, { kind: 'update', update: own })
  return asUpdates(tx, [own])
}

/** Puts the pinned topics of a bot's chat in order; both sides are told. */
export async function reorderBotTopics(
  tx: Tx,
  forum: BotForum,
  named: readonly number[],
  force: boolean,
): Promise<tl.updates> {
  await mustManage(tx, forum)
  const before = await pinned(tx, forum)
  const order = orderOf(
    named,
    before.map((row) => row.id),
    force,
  )
  for (const row of before) if (!order.includes(row.id)) await setBotTopic(tx, row, { pinned: 0 })
  const theirs: number[] = []
  for (const [i, id] of order.entries()) {
    const row = await lockBotTopic(tx, forum, id)
    await setBotTopic(tx, row, { pinned: order.length - i })
    const other = await topicOfOther(tx, forum.peer, row.origin)
    if (other !== undefined) theirs.push(other)
  }
  const told: tl.Update = { _: 'updatePinnedForumTopics', peer: toPeer(tx.userId), order: theirs }
  await tx.publish(forum.peer, { kind: 'update', update: told })
  const update: tl.Update = { _: 'updatePinnedForumTopics', peer: toPeer(forum.peer), order }
  await tx.publish(tx.userId, { kind: 'update', update })
  return asUpdates(tx, [update])
}
