import { randomInt } from 'node:crypto'
import type * as tl from '../tl/gen/types.ts'
import { query } from '../storage/index.ts'
import type { Ctx, Tx } from '../rpc/context.ts'
import type { Published } from '../updates/log.ts'
import './message-facts.ts'
import type { ChatRef, PeerRef, UserRef } from './access.ts'
import { memberRows } from './chat-rows.ts'
import { atRest, mediaKind, storeEntities } from './message-view.ts'
import { type MessageRow, messageRow } from './message-rows.ts'

/** What is being said, checked already: entities within bounds, media made, reply and forward resolved. */
export interface NewMessage {
  text?: string
  entities?: tl.MessageEntity[] | undefined
  /** Without access hashes and file references. */
  media?: tl.MessageMedia | undefined
  action?: tl.MessageAction | undefined
  /** The sender's own message that this one answers. `header.replyToMsgId` is filled in per copy. */
  reply?: { header: tl.MessageReplyHeader; to?: MessageRow | undefined } | undefined
  fwd?: tl.MessageFwdHeader | undefined
  savedPeer?: number | undefined
  viaBot?: number | undefined
  markup?: tl.ReplyMarkup | undefined
  groupedId?: bigint | undefined
  randomId?: bigint | undefined
  /** Accounts named in the text. */
  mentions?: readonly number[] | undefined
  silent?: boolean | undefined
  noforwards?: boolean | undefined
  invertMedia?: boolean | undefined
  effect?: bigint | undefined
  ttl?: number | undefined
  postAuthor?: string | undefined
  fromScheduled?: boolean | undefined
  mediaUnread?: boolean | undefined
}

export interface Sent {
  /** The sender's copy. */
  readonly row: MessageRow
  /** Where the sender's copy stands in the sender's box. */
  readonly published: Published
  /** True when the client had sent it before: nothing was written. */
  readonly again?: boolean
}

const insert = query<MessageRow>()((db, p) =>
  db.insertInto('message').values({
    owner: p.owner,
    id: p.id,
    peer: p.peer,
    from_id: p.from_id,
    origin: p.origin,
    out: p.out,
    date: p.date,
    edit_date: p.edit_date,
    edit_hide: p.edit_hide,
    text: p.text,
    entities: p.entities,
    media: p.media,
    media_kind: p.media_kind,
    action: p.action,
    reply: p.reply,
    reply_to: p.reply_to,
    thread: p.thread,
    fwd: p.fwd,
    saved_peer: p.saved_peer,
    via_bot: p.via_bot,
    markup: p.markup,
    grouped_id: p.grouped_id,
    random_id: p.random_id,
    mentioned: p.mentioned,
    media_unread: p.media_unread,
    silent: p.silent,
    pinned: p.pinned,
    noforwards: p.noforwards,
    invert_media: p.invert_media,
    effect: p.effect,
    ttl: p.ttl,
    views: p.views,
    forwards: p.forwards,
    post_author: p.post_author,
    from_scheduled: p.from_scheduled,
  }),
)

const COPIED = [
  'from_id',
  'origin',
  'date',
  'edit_date',
  'edit_hide',
  'text',
  'entities',
  'media',
  'media_kind',
  'action',
  'reply',
  'fwd',
  'via_bot',
  'markup',
  'grouped_id',
  'media_unread',
  'silent',
  'pinned',
  'noforwards',
  'invert_media',
  'effect',
  'ttl',
  'post_author',
  'from_scheduled',
] as const

/**
 * Copies the sender's message to every other member in one statement: each box has just handed out its next id.
 * @NOTE touches many owners at once; the one place of the send path that does.
 */
const copyToMembers = query<{ owner: number; id: number; peer: number; owners: number[]; replyOrigin: number }>()(
  (db, p, d) =>
    db
      .insertInto('message')
      .columns([...COPIED, 'owner', 'id', 'peer', 'out', 'mentioned', 'reply_to'])
      .expression((eb) =>
        eb
          .selectFrom('message as m')
          .innerJoin('box as b', (j) => j.on('b.owner', 'in', d.each(p.owners) as never))
          .select(COPIED.map((c) => `m.${c}` as const))
          .select((e) => [
            'b.owner',
            'b.message_id as id',
            e.val(p.peer).as('peer'),
            e.lit(0).as('out'),
            e.lit(0).as('mentioned'),
            e
              .selectFrom('message as r')
              .select((x) => x.fn.max('r.id').as('reply_to'))
              .whereRef('r.owner', '=', 'b.owner')
              .where('r.origin', '=', p.replyOrigin)
              .as('reply_to'),
          ])
          .where('m.owner', '=', p.owner)
          .where('m.id', '=', p.id),
      ),
)

const raiseDialog = query<{
  owner: number
  peer: number
  top: number
  date: number
  unread: number
  mentions: number
}>()((db, p) =>
  db
    .insertInto('dialog')
    .values({ owner: p.owner, peer: p.peer, top_message: p.top, top_date: p.date, unread: p.unread, unread_mentions: p.mentions })
    .onConflict((c) =>
      c.columns(['owner', 'peer']).doUpdateSet((eb) => ({
        top_message: eb.ref('excluded.top_message'),
        top_date: eb.ref('excluded.top_date'),
        unread: eb('dialog.unread', '+', eb.ref('excluded.unread')),
        unread_mentions: eb('dialog.unread_mentions', '+', eb.ref('excluded.unread_mentions')),
        hidden: 0,
      })),
    ),
)

const raiseMembersDialogs = query<{ peer: number; date: number; owners: number[] }>()((db, p, d) =>
  db
    .insertInto('dialog')
    .columns(['owner', 'peer', 'top_message', 'top_date', 'unread'])
    .expression((eb) =>
      eb
        .selectFrom('box as b')
        .select((e) => [
          'b.owner',
          e.val(p.peer).as('peer'),
          'b.message_id as top_message',
          e.val(p.date).as('top_date'),
          e.lit(1).as('unread'),
        ])
        .where('b.owner', 'in', d.each(p.owners) as never),
    )
    .onConflict((c) =>
      c.columns(['owner', 'peer']).doUpdateSet((eb) => ({
        top_message: eb.ref('excluded.top_message'),
        top_date: eb.ref('excluded.top_date'),
        unread: eb('dialog.unread', '+', 1),
        hidden: 0,
      })),
    ),
)

const copyOf = query<{ owner: number; origin: number }>()((db, p) =>
  db.selectFrom('message').select('id').where('owner', '=', p.owner).where('origin', '=', p.origin),
)
const byRandomId = query<{ owner: number; randomId: string }>()((db, p) =>
  db.selectFrom('message').selectAll().where('owner', '=', p.owner).where('random_id', '=', p.randomId),
)
const blocks = query<{ owner: number; peer: number }>()((db, p) =>
  db.selectFrom('block').select('owner').where('owner', '=', p.owner).where('peer', '=', p.peer).where('stories', '=', 0),
)
const publishedAt = query<{ owner: number; id: number }>()((db, p) =>
  db
    .selectFrom('log')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('kind', '=', 'newMessage')
    .where('ref', '=', p.id)
    .orderBy('pos')
    .limit(1),
)

/** The id of another account's copy of a message, or undefined when they have none. */
export async function copyId(ctx: Ctx, owner: number, origin: number): Promise<number | undefined> {
  const [row] = await ctx.run(copyOf, { owner, origin })
  return row?.id
}

/** Whether `owner` has blocked `peer` (not the stories' list). */
export async function hasBlocked(ctx: Ctx, owner: number, peer: number): Promise<boolean> {
  return (await ctx.run(blocks, { owner, peer })).length > 0
}

/** A message this account has sent under that random_id, however often the client repeats it. */
async function sentBefore(tx: Tx, owner: number, randomId: bigint): Promise<Sent | undefined> {
  const [row] = await tx.run(byRandomId, { owner, randomId: String(randomId) })
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
export async function sendMessage(tx: Tx, from: UserRef, peer: PeerRef, content: NewMessage): Promise<Sent> {
  if (content.randomId) {
    const before = await sentBefore(tx, from.id, content.randomId)
    if (before) return before
  }
  const origin = randomInt(2 ** 48 - 1) + 1
  const row = await rowOf(tx, from, peer, content, origin)
  if (peer.kind === 'chat') return sendToChat(tx, from, peer, row, content)
  const saved = peer.id === from.id
  const ownFact = await deliver(tx, row, 0)
  if (!saved && !(await hasBlocked(tx, peer.id, from.id))) {
    const replied = content.reply?.to ? await copyId(tx, peer.id, content.reply.to.origin) : undefined
    const copy = {
      ...row,
      owner: peer.id,
      peer: from.id,
      out: 0,
      saved_peer: null,
      random_id: null,
      reply_to: replied ?? null,
      media_unread: content.mediaUnread ? 1 : 0,
    }
    await deliver(tx, copy, 1)
  }
  return { row, published: ownFact }
}

async function rowOf(tx: Tx, from: UserRef, peer: PeerRef, content: NewMessage, origin: number): Promise<MessageRow> {
  const bit = (value: boolean | undefined) => (value ? 1 : 0)
  const saved = peer.peer === from.id
  return {
    owner: from.id,
    id: 0,
    peer: peer.peer,
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
    media_unread: saved ? 0 : bit(content.mediaUnread),
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
  }
}

/**
 * Puts a message into one account's history alone, as if `from` had sent it: what the server tells its users, and that
 * a contact has joined. The author keeps no copy.
 */
export async function sendNotice(tx: Tx, from: UserRef, to: UserRef, content: NewMessage): Promise<void> {
  const row = await rowOf(tx, from, to, content, randomInt(2 ** 48 - 1) + 1)
  await deliver(tx, { ...row, owner: to.id, peer: from.id, out: 0, saved_peer: null, random_id: null }, 1)
}

/** Writes one copy into its owner's history, raises the dialog and tells the box. Fills in the copy's id. */
async function deliver(tx: Tx, row: MessageRow, unread: 0 | 1): Promise<Published> {
  const [published] = await tx.publishMessages([row.owner])
  row.id = (published!.fact as { ref: number }).ref
  await tx.run(insert, row)
  await tx.run(raiseDialog, {
    owner: row.owner,
    peer: row.peer,
    top: row.id,
    date: row.date,
    unread,
    mentions: row.mentioned,
  })
  return published!
}

async function sendToChat(
  tx: Tx,
  from: UserRef,
  chat: ChatRef,
  row: MessageRow,
  content: NewMessage,
): Promise<Sent> {
  const members = await memberRows(tx, chat.id)
  const others = members.map((m) => m.user_id).filter((id) => id !== from.id)
  const published = await deliver(tx, row, 0)
  if (others.length === 0) return { row, published }
  await tx.publishMessages(others)
  const replyOrigin = content.reply?.to?.origin ?? 0
  const { owner, id, peer, date } = row
  await tx.run(copyToMembers, { owner, id, peer, owners: others, replyOrigin })
  await tx.run(raiseMembersDialogs, { peer, date, owners: others })
  const named = new Set(content.mentions)
  if (content.reply?.to && content.reply.to.from_id !== from.id) named.add(content.reply.to.from_id)
  for (const user of others) if (named.has(user)) await mention(tx, user, peer, row.origin)
  return { row, published }
}

/** Marks a member's copy as one that names them. https://core.telegram.org/api/mentions */
async function mention(tx: Tx, owner: number, peer: number, origin: number): Promise<void> {
  await tx.trx
    .updateTable('message')
    .set({ mentioned: 1, media_unread: 1 })
    .where('owner', '=', owner)
    .where('origin', '=', origin)
    .execute()
  await tx.trx
    .updateTable('dialog')
    .set((eb) => ({ unread_mentions: eb('unread_mentions', '+', 1) }))
    .where('owner', '=', owner)
    .where('peer', '=', peer)
    .execute()
}

/** The sender's copy as it is now, for an answer. */
export async function sentRow(ctx: Ctx, sent: Sent): Promise<MessageRow> {
  return (await messageRow(ctx, sent.row.owner, sent.row.id)) ?? sent.row
}
