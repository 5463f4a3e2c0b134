import { type SqlBool, sql } from 'kysely'
import type { Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type { Telling } from '../updates/append-many.ts'
import { lockBoxes, type Published } from '../updates/log.ts'
import type { ChatRef, UserRef } from './access.ts'
import { memberRows } from './chat-rows.ts'
import { dialogRow } from './message-rows.ts'
import { markRead, raiseOutbox } from './read-marks.ts'
import { copyId } from './send.ts'
import { tellUnreadMark } from './unread-mark.ts'

/** What has been read with its topic, in a bot's chat, is not unread any more. */
const notReadInBotTopic = sql<SqlBool>`(message.thread is null or not exists (
  select 1 from thread_state s where s.owner = message.owner and s.peer = message.peer
    and s.thread = message.thread and s.read_inbox >= message.id))`

const stillUnread = query<{ owner: number; peer: number; after: number }>()((db, p, d) =>
  db
    .selectFrom('message')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', '=', p.owner)
    .where(d.rarely(sql`peer = ${p.peer}`))
    .where('id', '>', p.after)
    .where('out', '=', 0)
    .where(notReadInBotTopic),
)
/** Messages that have become read: who wrote them, and which they are in every copy; the newest first. */
const newlyRead = query<{ owner: number; peer: number; after: number; to: number; limit: number }>()((db, p, d) =>
  db
    .selectFrom('message')
    .select(['id', 'from_id', 'origin'])
    .where('owner', '=', p.owner)
    .where(d.rarely(sql`peer = ${p.peer}`))
    .where('id', '>', p.after)
    .where('id', '<=', p.to)
    .where('out', '=', 0)
    .orderBy('id', 'desc')
    .limit(p.limit),
)
const setRead = query<{ owner: number; peer: number; to: number; unread: number }>()((db, p) =>
  db
    .updateTable('dialog')
    .set({ read_inbox: p.to, unread: p.unread, unread_mark: 0 })
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer),
)

/** Further back than so many messages nobody is told that they have been read: they have been told by newer ones. */
const LOOKED_AT = 1000

/**
 * Marks a dialog read up to an id (0: all of it): the caller's devices are told, and whoever wrote what has become
 * read. https://core.telegram.org/method/messages.readHistory
 * @returns undefined when nothing has become read
 */
export async function readHistory(tx: Tx, peer: UserRef | ChatRef, maxId: number): Promise<Published | undefined> {
  const owner = tx.userId
  const others = peer.kind === 'chat' ? (await memberRows(tx, peer.id)).map((m) => m.user_id) : [peer.id]
  const [, dialog] = await Promise.all([lockBoxes(tx, [...others, owner]), dialogRow(tx, owner, peer.peer)])
  if (!dialog) return undefined
  const to = maxId > 0 ? Math.min(maxId, dialog.top_message) : dialog.top_message
  if (to <= dialog.read_inbox) {
    if (dialog.unread_mark) {
      tx.write(setRead, { owner, peer: peer.peer, to: dialog.read_inbox, unread: dialog.unread })
      await tellUnreadMark(tx, peer.peer, false)
    }
    return undefined
  }
  const [read, [still]] = await Promise.all([
    tx.run(newlyRead, { owner, peer: peer.peer, after: dialog.read_inbox, to, limit: LOOKED_AT }),
    tx.run(stillUnread, { owner, peer: peer.peer, after: to }),
  ])
  tx.write(setRead, { owner, peer: peer.peer, to, unread: still!.count })
  if (read.length > 0) markRead(tx, owner, peer.peer, to)
  const told = authors(read)
  told.delete(owner)
  const tellings = await Promise.all(Array.from(told, ([author, origins]) => tellingOf(tx, author, peer, origins)))
  const own: Telling = [owner, { kind: 'readInbox', peer: peer.peer, maxId: to, still: still!.count }]
  const [published] = await tx.publishAll([own, ...tellings.flat()])
  return published
}

/** What each author has had read, the newest first. */
function authors(read: readonly { from_id: number; origin: number }[]): Map<number, number[]> {
  const origins = new Map<number, number[]>()
  for (const row of read) {
    const own = origins.get(row.from_id)
    if (own) own.push(row.origin)
    else origins.set(row.from_id, [row.origin])
  }
  return origins
}

/** What tells an author how far they have been read, by their own ids; in groups the first reader counts. */
async function tellingOf(
  tx: Tx,
  author: number,
  peer: UserRef | ChatRef,
  origins: readonly number[],
): Promise<Telling[]> {
  const theirPeer = peer.kind === 'chat' ? peer.peer : tx.userId
  for (const origin of origins) {
    // Their newest copy may be gone: then the one before it tells.
    const to = await copyId(tx, author, origin)
    if (to === undefined) continue
    const raised = await tx.run(raiseOutbox, { owner: author, peer: theirPeer, to })
    return raised.length > 0 ? [[author, { kind: 'readOutbox', peer: theirPeer, maxId: to }]] : []
  }
  return []
}
