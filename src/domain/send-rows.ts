import { type Kysely, sql } from 'kysely'
import type { Tx } from '../rpc/context.ts'
import { type Dialect, query, type Tables } from '../storage/index.ts'
import type { Published } from '../updates/log.ts'
import type { MessageRow } from './message-rows.ts'

/** The statements of sending: few and prepared, since everything waits for them. */

const insertWhole = query<MessageRow>()((db, p) =>
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
    sender: p.sender,
  }),
)

/**
 * The same for what most messages are: a text, and nothing in any other column. To bind forty values takes as long as
 * all the rest of an insertion.
 */
const insertText = query<MessageRow>()((db, p) =>
  db.insertInto('message').values({
    owner: p.owner,
    id: p.id,
    peer: p.peer,
    from_id: p.from_id,
    origin: p.origin,
    out: p.out,
    date: p.date,
    text: p.text,
    random_id: p.random_id,
    ...NOTHING,
  }),
)

/** Columns that have no value by themselves and are zero in a mere text. */
const NOTHING = {
  edit_hide: sql.lit(0),
  media_kind: sql.lit(0),
  mentioned: sql.lit(0),
  media_unread: sql.lit(0),
  silent: sql.lit(0),
  pinned: sql.lit(0),
  noforwards: sql.lit(0),
  invert_media: sql.lit(0),
  from_scheduled: sql.lit(0),
}

/** What a mere text has of its own; with anything in another column it is more than that. */
const OWN = new Set(['owner', 'id', 'peer', 'from_id', 'origin', 'out', 'date', 'text', 'random_id'])

/** Writes a message's row. */
export function insertMessage(tx: Tx, row: MessageRow): void {
  tx.write(isText(row) ? insertText : insertWhole, row)
}

function isText(row: MessageRow): boolean {
  for (const column in row) {
    const value = row[column as keyof MessageRow]
    if (value !== null && value !== 0 && !OWN.has(column)) return false
  }
  return true
}

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
 * @NOTE touches many owners at once; the one place of the send path that does. Not on SQLite, where as many statements
 * of one row, with the few values of a mere text, take no longer than one for all of them.
 */
const copyToMembers = query<{
  owner: number
  id: number
  peer: number
  owners: number[]
  replyOrigin: number
}>()((db, p, d) =>
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

/** Marks a member's copy as one that names them. https://core.telegram.org/api/mentions */
const markMentioned = query<{ owners: number[]; origin: number }>()((db, p, d) =>
  db
    .updateTable('message')
    .set({ mentioned: 1, media_unread: 1 })
    .where('owner', 'in', d.each(p.owners) as never)
    .where('origin', '=', p.origin),
)

const copiesAmong = query<{ owners: readonly number[]; origin: number }>()((db, p, d) =>
  db
    .selectFrom('message')
    .select(['owner', 'id'])
    .where('owner', 'in', d.each(p.owners) as never)
    .where('origin', '=', p.origin),
)

/** Somebody else's copy of a message that was sent. */
export function copyFor(row: MessageRow, told: Published): MessageRow {
  // Set one by one: V8 is slow with literals in which anything follows a spread.
  const copy = { ...row }
  copy.owner = told.owner
  copy.id = (told.fact as { ref: number }).ref
  copy.out = 0
  copy.random_id = null
  copy.saved_peer = null
  return copy
}

/**
 * Writes the sender's message into the histories of all others to whom the facts tell of it. Those who are `mentioned`
 * are shown that they are; `replied` is the origin of the message it replies to, which each of them has under an id of
 * their own.
 */
export async function copyToOthers(
  tx: Tx,
  row: MessageRow,
  told: readonly Published[],
  replied: number | undefined,
  mentioned: readonly number[],
): Promise<void> {
  const { owner: sender, id, peer, origin } = row
  const others = told.filter((one) => one.owner !== sender)
  const owners = others.map((one) => one.owner)
  const found = replied === undefined ? [] : await tx.run(copiesAmong, { owners, origin: replied })
  const replies = new Map(found.map((copy) => [copy.owner, copy.id]))
  for (const one of others) {
    const copy = copyFor(row, one)
    copy.reply_to = replies.get(one.owner) ?? null
    if (mentioned.includes(one.owner)) copy.mentioned = copy.media_unread = 1
    one.written = copy
  }
  if (tx.app.store.dialect === 'sqlite') {
    for (const one of others) insertMessage(tx, one.written as MessageRow)
    return
  }
  tx.write(copyToMembers, { owner: sender, id, peer, owners, replyOrigin: replied ?? 0 })
  if (mentioned.length > 0) tx.write(markMentioned, { owners: [...mentioned], origin })
}

/** How a message raises its dialog in its owner's list. */
interface Raise {
  owner: number
  peer: number
  top: number
  date: number
  unread: number
}
/** Puts a dialog at the top of its owner's list, with its newest message. */
export const raiseDialog = query<Raise>()((db, p) =>
  db
    .insertInto('dialog')
    .values({ owner: p.owner, peer: p.peer, top_message: p.top, top_date: p.date, unread: p.unread, messages: 1 })
    .onConflict((c) =>
      c.columns(['owner', 'peer']).doUpdateSet((eb) => ({
        top_message: eb.ref('excluded.top_message'),
        top_date: eb.ref('excluded.top_date'),
        unread: eb('dialog.unread', '+', eb.ref('excluded.unread')),
        messages: eb('dialog.messages', '+', 1),
        hidden: 0,
      })),
    ),
)

const raiseShown = query<{ peer: number; date: number; owners: number[] }>()((db, p, d) =>
  d
    .updateMany(db, 'dialog')
    .set((eb) => ({
      top_message: eb.selectFrom('box').select('message_id').whereRef('box.owner', '=', 'dialog.owner'),
      top_date: p.date,
      unread: eb('unread', '+', 1),
      messages: eb('messages', '+', 1),
      hidden: 0,
    }))
    .where('owner', 'in', d.each(p.owners) as never)
    .where('peer', '=', p.peer),
)
const showOthers = query<{ peer: number; date: number; owners: number[] }>()((db, p, d) =>
  openDialogs(db, p, d).onConflict((c) => c.columns(['owner', 'peer']).doNothing()),
)
const raiseOrShow = query<{ peer: number; date: number; owners: number[] }>()((db, p, d) =>
  openDialogs(db, p, d).onConflict((c) =>
    c.columns(['owner', 'peer']).doUpdateSet((eb) => ({
      top_message: eb.ref('excluded.top_message'),
      top_date: eb.ref('excluded.top_date'),
      unread: eb('dialog.unread', '+', 1),
      messages: eb('dialog.messages', '+', 1),
      hidden: 0,
    })),
  ),
)

const openDialogs = (db: Kysely<Tables>, p: { peer: number; date: number; owners: number[] }, d: Dialect) =>
  db
    .insertInto('dialog')
    .columns(['owner', 'peer', 'top_message', 'top_date', 'unread', 'messages'])
    .expression((eb) =>
      eb
        .selectFrom('box as b')
        .select((e) => [
          'b.owner',
          e.val(p.peer).as('peer'),
          'b.message_id as top_message',
          e.val(p.date).as('top_date'),
          e.lit(1).as('unread'),
          e.lit(1).as('messages'),
        ])
        .where('b.owner', 'in', d.each(p.owners) as never),
    )

/** Puts the dialogs of all these at the top of their lists, with the message that their boxes have just numbered. */
export async function raiseMembersDialogs(tx: Tx, peer: number, date: number, owners: number[]): Promise<void> {
  const them = { peer, date, owners }
  if (tx.app.store.dialect !== 'sqlite') return tx.write(raiseOrShow, them)
  // An update without a copy of every page (see Dialect.updateMany), which an insertion with ON CONFLICT would take.
  const [raised] = await tx.run(raiseShown, them)
  if (raised!.changes < owners.length) tx.write(showOthers, them)
}

export const countMention = query<{ owners: number[]; peer: number }>()((db, p, d) =>
  db
    .updateTable('dialog')
    .set((eb) => ({ unread_mentions: eb('unread_mentions', '+', 1) }))
    .where('owner', 'in', d.each(p.owners) as never)
    .where('peer', '=', p.peer),
)

export const ttlOf = query<{ owner: number; peer: number }>()((db, p) =>
  db.selectFrom('dialog').select('ttl').where('owner', '=', p.owner).where('peer', '=', p.peer),
)

export const byRandomId = query<{ owner: number; randomId: string }>()((db, p) =>
  db.selectFrom('message').selectAll().where('owner', '=', p.owner).where('random_id', '=', p.randomId),
)

/** Where the log told an owner of a message: looked for from its end, since what is sent again was sent just now. */
export const publishedAt = query<{ owner: number; id: number }>()((db, p) =>
  db
    .selectFrom('log')
    .select(['pos', 'pts', 'pts_count'])
    .where('owner', '=', p.owner)
    .where('kind', '=', 'newMessage')
    .where('ref', '=', p.id)
    .orderBy('pos', 'desc')
    .limit(1),
)
