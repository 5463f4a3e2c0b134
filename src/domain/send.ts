import type { Ctx, Tx } from '../rpc/context.ts'
import { schedule } from '../rpc/jobs.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import type { Published } from '../updates/log.ts'
import { forwardHeader } from './forward-header.ts'
import './message-facts.ts'
import { type Actor, type ChannelRef, type ChatRef, ownChannel, type PeerRef, type UserRef } from './access.ts'
import { screen } from './antispam.ts'
import { archivedAmong, unarchive } from './archive.ts'
import { placeInBotTopic } from './bot-forums.ts'
import { logPost } from './channel-events.ts'
import { channelRandomId, writeToChannel } from './channel-send.ts'
import { askMembers, memberRows } from './chat-rows.ts'
import { openComments } from './comments.ts'
import { locationMoved } from './live-locations.ts'
import type { MessageRow } from './message-rows.ts'
import { atRest, type Carried, isPost, MEDIA_KIND, mediaKind, storeEntities, unheard } from './message-view.ts'
import { newOrigin } from './origins.ts'
import { toPeer } from './peers.ts'
import { placePoll } from './poll-places.ts'
import {
  byRandomId,
  copyFor,
  copyToOthers,
  countMention,
  insertMessage,
  publishedAt,
  raiseDialog,
  raiseMembersDialogs,
  ttlOf,
} from './send-rows.ts'
import { archiveStranger, archivesStranger } from './strangers.ts'
import { opensTopic } from './threads.ts'
import { countTopPeer } from './top-peers.ts'
import { askUser } from './user-rows.ts'
import { followPage } from './web/pages.ts'

/** What is being said, checked already: entities within bounds, media made, reply and forward resolved. */
export interface NewMessage {
  text?: string
  /** What the other one in a private chat reads in place of the text: a bot, what started it. */
  textForOther?: string
  entities?: tl.MessageEntity[] | undefined
  /** Without access hashes and file references. */
  media?: Carried | undefined
  action?: tl.MessageAction | undefined
  /**
   * What it answers. `to` is the sender's own copy of that message; `header.replyToMsgId` is filled in per copy, from
   * each owner's own copy, unless the message replied to is in a chat that only the sender has (`alone`).
   */
  reply?: Answered | undefined
  fwd?: tl.MessageFwdHeader | undefined
  savedPeer?: number | undefined
  viaBot?: number | undefined
  markup?: tl.ReplyMarkup | undefined
  groupedId?: bigint | undefined
  /** It belongs to the album of the message before it, and is said in one breath with that. */
  continues?: boolean | undefined
  randomId?: bigint | undefined
  /** Accounts named in the text. */
  mentions?: readonly number[] | undefined
  silent?: boolean | undefined
  noforwards?: boolean | undefined
  invertMedia?: boolean | undefined
  effect?: bigint | undefined
  /** Seconds to live; by default what the chat is set to. */
  ttl?: number | undefined
  postAuthor?: string | undefined
  fromScheduled?: boolean | undefined
  /** Monoforums: whose direct messages (marked id) it belongs to. */
  topic?: number | undefined
  /** Monoforums: it is suggested as a post of the channel. */
  suggests?: tl.suggestedPost | undefined
  /** Supergroups: the channel (marked id) in whose name it is said. */
  sendAs?: number | undefined
  /** A channel's post as its discussion group gets it: the channel's own, and pinned. */
  discusses?: boolean | undefined
}

export interface Answered {
  header: tl.MessageReplyHeader
  to?: MessageRow | undefined
  alone?: boolean
  /** Forums: the topic it is said in; `to` is left out where nothing but the topic is named. */
  thread?: number | undefined
}

export interface Sent {
  /** The sender's copy. */
  readonly row: MessageRow
  /** Where the sender's copy stands in the sender's box. */
  readonly published: Published
  /** True when the client had sent it before: nothing was written. */
  readonly again?: boolean
}

const copyOf = query<{ owner: number; origin: number }>()((db, p) =>
  db.selectFrom('message').select('id').where('owner', '=', p.owner).where('origin', '=', p.origin),
)
const blocks = query<{ owner: number; peer: number }>({ table: 'block' })((db, p) =>
  db
    .selectFrom('block')
    .select('owner')
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('stories', '=', 0),
)

/** The id of another account's copy of a message, or undefined when they have none. */
export async function copyId(ctx: Ctx, owner: number, origin: number): Promise<number | undefined> {
  const [row] = await ctx.run(copyOf, { owner, origin })
  return row?.id
}

/** See Ctx.ahead. */
export const askBlocked = (ctx: Ctx, owner: number, peer: number): void => ctx.ahead(blocks, { owner, peer })

/** Whether `owner` has blocked `peer` (not the stories' list). */
export async function hasBlocked(ctx: Ctx, owner: number, peer: number): Promise<boolean> {
  return (await ctx.run(blocks, { owner, peer })).length > 0
}

/** Where a message of that random_id is kept, and under which. */
function sentAs(from: Pick<Actor, 'id'>, peer: Named, randomId: bigint): { owner: number; randomId: string } {
  if (peer.kind === 'channel') return { owner: peer.peer, randomId: channelRandomId(from.id, randomId) }
  return { owner: from.id, randomId: String(randomId) }
}

/** What a client names to send to. */
type Named = Pick<PeerRef, 'kind' | 'id' | 'peer'>

/** What sending a message reads before it writes, asked for all at once; see Ctx.ahead. */
export function askToSend(ctx: Ctx, from: Pick<Actor, 'id'>, peer: Named, randomId: bigint | undefined): void {
  if (peer.kind === 'user') askUser(ctx, from.id)
  if (randomId) ctx.ahead(byRandomId, sentAs(from, peer, randomId))
  if (peer.kind === 'chat') askMembers(ctx, peer.id)
  if (peer.kind !== 'user') return
  ctx.ahead(ttlOf, { owner: from.id, peer: peer.id })
  if (peer.id !== from.id) askBlocked(ctx, peer.id, from.id)
}

/** A message this account has sent under that random_id, however often the client repeats it. */
async function sentBefore(tx: Tx, { owner, randomId }: ReturnType<typeof sentAs>): Promise<Sent | undefined> {
  const [row] = await tx.run(byRandomId, { owner, randomId })
  if (!row) return undefined
  const [at] = await tx.run(publishedAt, { owner, id: row.id })
  const published: Published = {
    owner,
    pos: at?.pos ?? 0,
    pts: at?.pts ?? 0,
    ptsCount: at?.pts_count ?? 1,
    qts: 0,
    date: row.date,
    fact: { kind: 'newMessage', ref: row.id },
    by: undefined,
  }
  return { row, published, again: true }
}

/**
 * Sends a message from an account into a private chat, its saved messages or a basic group: a copy for everybody
 * who is to have it, their dialogs raised, a newMessage in each box. What the sender may say there has been decided.
 * https://core.telegram.org/method/messages.sendMessage
 */
export async function sendMessage(tx: Tx, from: Actor, peer: PeerRef, content: NewMessage): Promise<Sent> {
  if (content.randomId) {
    const before = await sentBefore(tx, sentAs(from, peer, content.randomId))
    if (before) return before
  }
  const row = rowOf(tx, from, peer.peer, content, await newOrigin(tx))
  if (!opensTopic(content)) row.ttl ??= await ttlIn(tx, from, peer)
  const published = await deliver(tx, row, peer, content)
  if (row.media_kind & MEDIA_KIND.poll) await placePoll(tx, row, content.media)
  if (content.media?._ === 'messageMediaWebPage') await followPage(tx, row, content.media)
  if (content.media?._ === 'messageMediaGeoLive') {
    for (const alert of await locationMoved(tx, row, content.media)) await sendMessage(tx.aloud, from, peer, alert)
  }
  if (row.ttl) await expireLater(tx, row)
  if (peer.kind === 'channel' && peer.row.antispam === 1 && !row.action) await screen(tx, peer, row, content)
  if (peer.kind === 'channel' && isPost(row) && !row.action) {
    await logPost(tx, peer.id, row)
    await discuss(tx, from, peer, row, content)
  }
  if (!content.action && !content.fromScheduled) await countSent(tx, from, peer)
  return { row, published }
}

function deliver(tx: Tx, row: MessageRow, peer: PeerRef, content: NewMessage): Promise<Published> {
  if (peer.kind === 'channel') return writeToChannel(tx, row, peer, content)
  return peer.kind === 'chat' ? toChat(tx, row, peer, content) : toUser(tx, row, peer, content)
}

/** Whom people write to are their top peers. */
async function countSent(tx: Tx, from: Actor, peer: PeerRef): Promise<void> {
  if (peer.peer === from.id || tx.session?.auth.bot) return
  const person = peer.kind === 'user' && peer.row.bot === 1 ? 'botsPM' : 'correspondents'
  const groups = peer.kind === 'channel' && peer.row.megagroup === 0 ? 'channels' : 'groups'
  await countTopPeer(tx, from.id, peer.peer, peer.kind === 'user' ? person : groups)
}

/**
 * Puts a message into one account's history alone, as if `from` had sent it: what the server tells its users, and that
 * a contact has joined. The author keeps no copy.
 */
export async function sendNotice(tx: Tx, from: UserRef, to: UserRef, content: NewMessage): Promise<void> {
  const row = rowOf(tx, from, to.peer, content, await newOrigin(tx))
  Object.assign(row, { owner: to.id, peer: from.id, out: 0, saved_peer: null, random_id: null })
  const [[published], archived] = await Promise.all([tx.publishMessages([to.id]), archivedAmong(tx, [to.id], from.id)])
  write(tx, row, published!, 1)
  await unarchive(tx, archived, from.id)
}

function rowOf(tx: Tx, from: Actor, peer: number, content: NewMessage, origin: number): MessageRow {
  const bit = (value: boolean | undefined) => (value ? 1 : 0)
  const saved = peer === from.id
  return {
    owner: from.id,
    id: 0,
    peer,
    from_id: from.id,
    origin,
    out: 1,
    date: tx.now,
    edit_date: null,
    edit_hide: 0,
    text: content.text ?? '',
    entities: storeEntities(content.entities),
    media: content.media ? atRest(content.media) : null,
    media_kind: mediaKind(content),
    action: content.action ? atRest(content.action) : null,
    reply: content.reply ? atRest(content.reply.header) : null,
    reply_to: content.reply?.to?.id ?? null,
    thread: null,
    fwd: content.fwd ? atRest(content.fwd) : null,
    saved_peer: saved ? (content.savedPeer ?? from.id) : null,
    via_bot: content.viaBot ?? null,
    markup: content.markup ? atRest(content.markup) : null,
    grouped_id: content.groupedId === undefined ? null : String(content.groupedId),
    random_id: content.randomId ? String(content.randomId) : null,
    mentioned: 0,
    media_unread: saved ? 0 : bit(unheard(content.media)),
    silent: bit(content.silent),
    pinned: 0,
    noforwards: bit(content.noforwards),
    invert_media: bit(content.invertMedia),
    effect: content.effect === undefined ? null : String(content.effect),
    ttl: content.ttl ?? null,
    views: null,
    forwards: null,
    post_author: content.postAuthor ?? null,
    from_scheduled: bit(content.fromScheduled),
    sender: null,
    reacted: 0,
    unseen: 0,
    from_boosts: 0,
    replies: null,
  }
}

/** How long messages live in this chat. https://core.telegram.org/api/auto-delete-messages */
async function ttlIn(tx: Tx, from: Actor, peer: PeerRef): Promise<number | null> {
  if (peer.kind !== 'user') return peer.row.ttl || null
  const [dialog] = await tx.run(ttlOf, { owner: from.id, peer: peer.id })
  return dialog?.ttl || null
}

/** The job that deletes a message in every box when its time is over. */
async function expireLater(tx: Tx, row: MessageRow): Promise<void> {
  const { owner, peer, origin } = row
  await schedule(tx, {
    id: `messages.expire:${owner}:${origin}`,
    kind: 'messages.expire',
    owner,
    dueAt: row.date + row.ttl!,
    data: { peer, origin },
  })
}

/** The id that a box has just handed out. */
const idOf = (published: Published): number => (published.fact as { ref: number }).ref

/** Writes one copy into its owner's history and raises the dialog; its id is the one the box has just handed out. */
function write(tx: Tx, row: MessageRow, published: Published, unread: 0 | 1): void {
  row.id = idOf(published)
  insertMessage(tx, row)
  published.written = row
  const { owner, peer, date } = row
  tx.write(raiseDialog, { owner, peer, top: row.id, date, unread })
}

async function toUser(tx: Tx, row: MessageRow, to: UserRef, content: NewMessage): Promise<Published> {
  const from = row.owner
  // Whoever is blocked hears nothing of it: the message stays with them.
  if (to.id === from || (await hasBlocked(tx, to.id, from))) {
    const [published] = await tx.publishMessages([from])
    row.id = idOf(published!)
    await placeInBotTopic(tx, content, row, undefined)
    write(tx, row, published!, 0)
    return published!
  }
  const hidden = to.row.global_privacy !== null && (await archivesStranger(tx, to.row, from))
  const [boxes, archived] = await Promise.all([
    tx.publishMessages(from < to.id ? [from, to.id] : [to.id, from]),
    archivedAmong(tx, [to.id], from),
  ])
  const own = boxes.find((b) => b.owner === from)!
  row.id = idOf(own)
  const { reply } = content
  const replied = reply?.to && !reply.alone ? await copyId(tx, to.id, reply.to.origin) : undefined
  const theirs = boxes.find((b) => b.owner === to.id)!
  const copy = copyFor(row, theirs)
  copy.peer = from
  copy.reply_to = replied ?? null
  copy.text = content.textForOther ?? row.text
  await placeInBotTopic(tx, content, row, copy)
  write(tx, row, own, 0)
  write(tx, copy, theirs, 1)
  await unarchive(tx, archived, from)
  if (hidden) await archiveStranger(tx, to.id, from)
  return own
}

async function toChat(tx: Tx, row: MessageRow, chat: ChatRef, content: NewMessage): Promise<Published> {
  const from = row.owner
  const members = (await memberRows(tx, chat.id)).map((m) => m.user_id)
  // Leaving is told by whoever has left already.
  const owners = members.includes(from) ? members : [...members, from].sort((a, b) => a - b)
  const others = owners.filter((id) => id !== from)
  const { peer, date } = row
  const [boxes, archived] = await Promise.all([tx.publishMessages(owners), archivedAmong(tx, others, peer)])
  const own = boxes.find((b) => b.owner === from)!
  write(tx, row, own, 0)
  if (others.length === 0) return own
  const { reply } = content
  const named = new Set(content.mentions)
  if (reply?.to && reply.to.peer === peer && !content.action) named.add(reply.to.from_id)
  const mentioned = others.filter((user) => named.has(user))
  const replied = reply?.to && !reply.alone ? reply.to.origin : undefined
  await copyToOthers(tx, row, boxes, replied, mentioned)
  await raiseMembersDialogs(tx, peer, date, others)
  await unarchive(tx, archived, peer)
  if (mentioned.length > 0) tx.write(countMention, { owners: mentioned, peer })
  return own
}

/** A channel's post goes to its discussion group, too, where it is what comments answer. */
async function discuss(tx: Tx, from: Actor, channel: ChannelRef, post: MessageRow, content: NewMessage): Promise<void> {
  const group = channel.row.linked === null ? undefined : await ownChannel(tx, channel.row.linked)
  if (!group || group.row.deleted === 1) return
  const { text, entities, media, groupedId, invertMedia, silent } = content
  const origin = content.fwd ?? (await forwardHeader(tx, post))
  const fwd: tl.MessageFwdHeader = { ...origin, savedFromPeer: toPeer(channel.peer), savedFromMsgId: post.id }
  const kept = { text, entities, media, groupedId, invertMedia, silent, markup: content.markup, viaBot: content.viaBot }
  // The answer is about the post alone: the author hears of its copy like everybody.
  const copy = await sendMessage(tx.aloud, from, group, { ...kept, fwd, sendAs: channel.peer, discusses: true })
  await openComments(tx, post, copy.row)
}
