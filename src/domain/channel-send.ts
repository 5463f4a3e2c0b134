import type { Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query } from '../storage/index.ts'
import type { Published } from '../updates/log.ts'
import type { ChannelRef } from './access.ts'
import { adminRights, isAnonymous, isIn, isSlowed } from './channel-rights.ts'
import { openTopic, raiseTopic } from './direct-messages.ts'
import { fullName } from './forward-header.ts'
import type { MessageRow } from './message-rows.ts'
import { tellAbsent } from './replies-account.ts'
import type { NewMessage } from './send.ts'
import { insertMessage } from './send-rows.ts'
import { noteSuggestion } from './suggested-posts.ts'
import { countInThread, opensTopic, threadFor, topicFor } from './threads.ts'
import { userRow } from './user-rows.ts'

const raise = query<{ id: number; top: number; date: number }>()((db, p) =>
  db
    .updateTable('channel')
    .set((eb) => ({ top_message: p.top, top_date: p.date, messages: eb('messages', '+', 1) }))
    .where('id', '=', p.id),
)
/** Takes the turn to speak in slow mode: whoever sends twice at once gets it once. */
const takeTurn = query<{ channel: number; user: number; now: number; before: number }>()((db, p) =>
  db
    .updateTable('channel_member')
    .set({ last_sent: p.now })
    .where('channel_id', '=', p.channel)
    .where('user_id', '=', p.user)
    .where('last_sent', '<=', p.before)
    .returning('user_id'),
)
/** Of the people a message names, those who are in the channel. */
const present = query<{ channel: number; users: readonly number[]; except: number }>()((db, p, d) =>
  db
    .selectFrom('channel_member')
    .select('user_id')
    .where('channel_id', '=', p.channel)
    .where('user_id', 'in', d.each(p.users) as never)
    .where('user_id', '<>', p.except)
    .where('state', '=', 0),
)
const mention = query<{ channel: number; message: number; user: number }>()((db, p) =>
  db.insertInto('channel_mention').values({ channel_id: p.channel, user_id: p.user, message_id: p.message }),
)
const countMention = query<{ owner: number; peer: number }>()((db, p) =>
  db
    .updateTable('dialog')
    .set((eb) => ({ unread_mentions: eb('unread_mentions', '+', 1) }))
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer),
)

/** Most authors have given no boosts: what a message costs does not grow by them. */
const noteBoosts = query<{ owner: number; id: number; boosts: number }>()((db, p) =>
  db.updateTable('message').set({ from_boosts: p.boosts }).where('owner', '=', p.owner).where('id', '=', p.id),
)

/** Under which random_id a channel keeps a message: two of its members may choose the same. */
export const channelRandomId = (sender: number, randomId: bigint): string => `${sender}:${randomId}`

/** The number that a client gave its message, of how the message keeps it. */
export function randomIdOf(row: Pick<MessageRow, 'random_id'>): bigint | undefined {
  return row.random_id === null ? undefined : BigInt(row.random_id.slice(row.random_id.indexOf(':') + 1))
}

/**
 * Puts a message into a channel: one row, one place in its log, its own row; nothing for each of its members but those
 * who are named. Channels speak for themselves, with their authors' names where they sign; anonymous administrators
 * speak for the group. SLOWMODE_WAIT_%d.
 * https://core.telegram.org/api/channel
 */
export async function writeToChannel(
  tx: Tx,
  row: MessageRow,
  channel: ChannelRef,
  content: NewMessage,
): Promise<Published> {
  const sender = row.from_id
  const settings = channel.row
  const broadcast = settings.megagroup === 0
  row.owner = channel.peer
  row.sender = sender
  row.out = broadcast ? 1 : 0
  row.saved_peer = content.topic ?? null
  row.reply_to = content.reply?.to?.id ?? content.reply?.thread ?? null
  row.thread = settings.forum === 1 ? await topicFor(tx, channel, content) : threadFor(channel, content)
  if (content.randomId) row.random_id = channelRandomId(sender, content.randomId)
  if (broadcast) {
    row.from_id = settings.signature_profiles === 1 && !content.action ? sender : channel.peer
    if (!content.action) {
      row.views = 1
      row.forwards = 0
      row.media_unread = 0
    }
  } else if (content.sendAs !== undefined) {
    row.from_id = content.sendAs
    if (content.discusses) {
      row.sender = content.sendAs
      row.pinned = 1
    }
  } else if (isAnonymous(channel)) row.from_id = channel.peer
  if (!content.action) await sign(tx, row, channel)
  if (!broadcast && !content.action && !content.discusses && !content.continues && isSlowed(channel)) {
    await waitTurn(tx, channel, sender, content.fromScheduled === true)
  }
  if (content.topic !== undefined) await openTopic(tx, channel, content.topic)
  const named = await membersNamed(tx, channel, sender, content)
  row.mentioned = named.length > 0 ? 1 : 0
  const [published] = await tx.publishMessages([channel.peer])
  row.id = (published!.fact as { ref: number }).ref
  if (opensTopic(content)) row.thread = row.id
  insertMessage(tx, row)
  published!.written = row
  const boosts = broadcast || content.action || row.from_id !== sender ? 0 : (channel.member?.boosts ?? 0)
  if (boosts > 0) {
    row.from_boosts = boosts
    tx.write(noteBoosts, { owner: row.owner, id: row.id, boosts })
  }
  tx.write(raise, { id: channel.id, top: row.id, date: row.date })
  if (row.saved_peer !== null) await raiseTopic(tx, channel, row)
  if (content.suggests) await noteSuggestion(tx, channel.id, row.id, content.suggests)
  if (row.thread !== null) await countInThread(tx, channel, row)
  if (content.discusses) {
    await tx.publish(channel.peer, { kind: 'pinned', peer: channel.peer, ids: [row.id], pinned: true })
  }
  for (const user of named) {
    tx.write(mention, { channel: channel.id, message: row.id, user })
    tx.write(countMention, { owner: user, peer: channel.peer })
  }
  const answered = content.reply?.to
  if (answered && settings.linked !== null && row.thread !== null && !named.includes(answered.sender ?? 0)) {
    await tellAbsent(tx, channel, row, answered)
  }
  return published!
}

/**
 * The author's name on a channel's post, the title of an anonymous administrator. A member's tag is noted on the row in
 * memory alone: later it is the one that they have then.
 */
async function sign(tx: Tx, row: MessageRow, channel: ChannelRef): Promise<void> {
  if (row.post_author !== null) return
  if (channel.row.megagroup === 0) {
    if (channel.row.signatures === 0) return
    const author = await userRow(tx, row.sender!)
    row.post_author = author ? fullName(author) : null
  } else if (row.from_id === channel.peer) row.post_author = channel.member?.rank || null
  else if (row.from_id === row.sender) row.rank = isIn(channel.member) ? (channel.member.rank ?? null) : null
}

/** What was scheduled has waited long enough: it goes in any case, and what is said after it waits for its turn. */
async function waitTurn(tx: Tx, channel: ChannelRef, sender: number, scheduled: boolean): Promise<void> {
  const { slowmode } = channel.row
  const before = scheduled ? tx.now : tx.now - slowmode
  if ((await tx.run(takeTurn, { channel: channel.id, user: sender, now: tx.now, before })).length > 0) return
  const last = channel.member?.last_sent ?? 0
  if (!scheduled) throw new RpcError('SLOWMODE_WAIT_%d', Math.max(1, last + slowmode - tx.now))
}

async function membersNamed(tx: Tx, channel: ChannelRef, sender: number, content: NewMessage): Promise<number[]> {
  if (channel.row.megagroup === 0) return []
  const named = new Set(content.mentions)
  const to = content.reply?.to
  if (to && to.peer === channel.peer && to.sender !== null && !content.action) named.add(to.sender)
  // Nobody else sees these messages.
  if (content.topic !== undefined) for (const user of named) if (user !== content.topic) named.delete(user)
  if (named.size === 0) return []
  const found = await tx.run(present, { channel: channel.id, users: [...named], except: sender })
  return found.map((row) => row.user_id).sort((a, b) => a - b)
}

/** Whether somebody may change what an anonymous administrator said: those who could have said it. */
export function speaksFor(channel: ChannelRef): boolean {
  return channel.member !== undefined && adminRights(channel.row, channel.member)?.anonymous === true
}
