import { sql } from 'kysely'
import type { Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type { Published } from '../updates/log.ts'
import { settleBotTopics } from './bot-forums.ts'
import { settleChannel } from './channel-messages.ts'
import { holders } from './copies.ts'
import { dialogRow, type MessageRow } from './message-rows.ts'
import { forgetReactions, setUnseen } from './react.ts'
import { authorOf, UNSEEN } from './reactions.ts'
import { unindex } from './search-index.ts'
import { threadStates } from './thread-states.ts'

const remove = query<{ owner: number; ids: readonly number[] }>()((db, p, d) =>
  db
    .deleteFrom('message')
    .where('owner', '=', p.owner)
    .where('id', 'in', d.each(p.ids) as never),
)
const stillThere = query<{ owners: readonly number[]; origins: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('message')
    .select('origin')
    .where('owner', 'in', d.each(p.owners) as never)
    .where('origin', 'in', d.each(p.origins) as never),
)
const newest = query<{ owner: number; peer: number }>()((db, p, d) =>
  db
    .selectFrom('message')
    .select(['id', 'date'])
    .where('owner', '=', p.owner)
    .where(d.rarely(sql`peer = ${p.peer}`))
    .orderBy('id', 'desc')
    .limit(1),
)

/**
 * Deletes copies out of their owners' boxes, which have been locked: the rows, what is found of them, their share in
 * the dialogs' counters and top messages; each owner's devices are told. A dialog that is left empty leaves the list.
 * @returns where each owner's deletion stands in its box
 */
export async function removeMessages(
  tx: Tx,
  copies: ReadonlyMap<number, readonly MessageRow[]>,
): Promise<Map<number, Published>> {
  const removed = [...copies].filter(([, rows]) => rows.length > 0).sort(([a], [b]) => a - b)
  const idsOf = (rows: readonly MessageRow[]) => rows.map((row) => row.id)
  const told = await tx.publishAll(
    removed.map(([owner, rows]) => [owner, { kind: 'deleteMessages', ids: idsOf(rows) }]),
  )
  await Promise.all(
    removed.map(async ([owner, rows]) => {
      const ids = idsOf(rows)
      tx.write(remove, { owner, ids })
      await unindex(tx, owner, ids)
      if (owner < 0) await settleAuthors(tx, rows)
      if (owner < 0) await settleChannel(tx, owner, rows)
      else await settleDialogs(tx, owner, rows)
    }),
  )
  await settleReactions(
    tx,
    [...copies.values()].flat().filter((row) => row.reacted === 1),
  )
  return new Map(told.map((one) => [one.owner, one]))
}

/** What a channel's authors had not seen of their messages is in their own dialogs. */
async function settleAuthors(tx: Tx, gone: readonly MessageRow[]): Promise<void> {
  for (const row of gone) {
    const author = authorOf(row)
    if (row.unseen === 0 || author === undefined) continue
    const reactions = await setUnseen(tx, row, author, 'reactions', false)
    const left = { ...row, unseen: reactions ? row.unseen - UNSEEN.reactions : row.unseen }
    await setUnseen(tx, left, author, 'votes', false)
  }
}

/** Reactions go with the last copy of their message. */
async function settleReactions(tx: Tx, gone: readonly MessageRow[]): Promise<void> {
  const byDialog = Map.groupBy(gone, (row) => `${row.owner} ${row.peer}`)
  for (const rows of byDialog.values()) {
    const { owner, peer } = rows[0]!
    const owners = await holders(tx, owner, peer)
    const origins = [...new Set(rows.map((row) => row.origin))]
    const left = new Set((await tx.run(stillThere, { owners, origins })).map((row) => row.origin))
    await forgetReactions(
      tx,
      origins.filter((origin) => !left.has(origin)),
    )
  }
}

async function settleDialogs(tx: Tx, owner: number, rows: readonly MessageRow[]): Promise<void> {
  const byPeer = new Map<number, MessageRow[]>()
  for (const row of rows) {
    const own = byPeer.get(row.peer)
    if (own) own.push(row)
    else byPeer.set(row.peer, [row])
  }
  for (const [peer, gone] of byPeer) {
    const dialog = await dialogRow(tx, owner, peer)
    if (!dialog) continue
    const topics = gone.filter((row) => row.thread !== null)
    const read = topics.length > 0 ? await readInTopics(tx, owner, peer, topics) : undefined
    const unread = gone.filter(
      (row) => row.out === 0 && row.id > Math.max(dialog.read_inbox, read?.get(row) ?? 0),
    ).length
    if (topics.length > 0) await settleBotTopics(tx, owner, peer, topics)
    const mentions = gone.filter((row) => row.mentioned === 1 && row.media_unread === 1).length
    const set = {
      unread: Math.max(0, dialog.unread - unread),
      unread_mentions: Math.max(0, dialog.unread_mentions - mentions),
      unread_reactions: Math.max(0, dialog.unread_reactions - unseen(gone, UNSEEN.reactions)),
      unread_votes: Math.max(0, dialog.unread_votes - unseen(gone, UNSEEN.votes)),
      messages: Math.max(0, dialog.messages - gone.length),
    }
    const top = gone.some((row) => row.id === dialog.top_message) ? await newTop(tx, owner, peer) : undefined
    await tx.trx
      .updateTable('dialog')
      .set({ ...set, ...top })
      .where('owner', '=', owner)
      .where('peer', '=', peer)
      .execute()
  }
}

/** How far the topics of messages have been read by themselves, by message. */
async function readInTopics(tx: Tx, owner: number, peer: number, rows: readonly MessageRow[]) {
  const states = await threadStates(tx, peer, [...new Set(rows.map((row) => row.thread!))], owner)
  return new Map(rows.map((row) => [row, states.get(row.thread!)?.read_inbox ?? 0]))
}

const unseen = (rows: readonly MessageRow[], bit: number) => rows.filter((row) => (row.unseen & bit) !== 0).length

async function newTop(tx: Tx, owner: number, peer: number) {
  const [top] = await tx.run(newest, { owner, peer })
  if (top) return { top_message: top.id, top_date: top.date }
  // A dialog that leaves the list gives up its place among the pinned ones.
  return { top_message: 0, hidden: 1, pinned: 0, unread_mark: 0 }
}
