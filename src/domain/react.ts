import type { Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query } from '../storage/index.ts'
import type { Telling } from '../updates/append-many.ts'
import { tellReactionBots } from './bot-activity.ts'
import { lockWithBots } from './bot-updates.ts'
import { channelRow } from './channel-rows.ts'
import { noteStats } from './channel-stats.ts'
import { memberRows } from './chat-rows.ts'
import { copiesOf } from './copies.ts'
import { dialogRow, type MessageRow } from './message-rows.ts'
import { bareId, kindOf } from './peers.ts'
import { authorOf, reactionsOf, showsReactors, UNSEEN } from './reactions.ts'
import { hasBlocked } from './send.ts'

const countUp = query<{ origin: number; reaction: string; date: number }>()((db, p) =>
  db
    .insertInto('reaction_count')
    .values({ origin: p.origin, reaction: p.reaction, count: 1, date: p.date })
    .onConflict((c) =>
      c.columns(['origin', 'reaction']).doUpdateSet((eb) => ({ count: eb('reaction_count.count', '+', 1) })),
    ),
)
const countDown = query<{ origin: number; reaction: string }>()((db, p) =>
  db
    .updateTable('reaction_count')
    .set((eb) => ({ count: eb('count', '-', 1) }))
    .where('origin', '=', p.origin)
    .where('reaction', '=', p.reaction),
)
const countsOf = query<{ origin: number }>()((db, p) =>
  db.selectFrom('reaction_count').select('reaction').where('origin', '=', p.origin),
)
const anyUnread = query<{ origin: number }>()((db, p) =>
  db.selectFrom('reaction').select('n').where('origin', '=', p.origin).where('unread', '=', 1).limit(1),
)

/** A change of one person's reactions to one message. */
export interface Reacting {
  /** Marked id of who reacts. */
  by: number
  /** What they react with from now on, in their order: keys as reactionKey makes them. */
  wanted: readonly string[]
  big: boolean
  /** How many different reactions the message may have. */
  unique: number
}

/**
 * Changes what somebody reacts to a message with, and tells whoever has a copy and is still there; the message's
 * author has it among what they have not seen. MESSAGE_NOT_MODIFIED where nothing changes, REACTIONS_TOO_MANY.
 * https://core.telegram.org/api/reactions
 * @param row a copy of the message: the caller's, or the channel's
 * @returns what is new of it
 */
export async function react(tx: Tx, row: MessageRow, reacting: Reacting): Promise<string[]> {
  const { by, wanted } = reacting
  const { origin } = row
  const copies = await copiesOf(tx, row.owner, row.peer, [origin])
  if (!copies.get(row.owner)?.some((copy) => copy.id === row.id)) throw new RpcError('MESSAGE_ID_INVALID')
  const before = await reactionsOf(tx, origin, by)
  const had = before.map((r) => r.reaction)
  if (had.length === wanted.length && had.every((key, i) => key === wanted[i])) {
    throw new RpcError('MESSAGE_NOT_MODIFIED')
  }
  const added = wanted.filter((key) => !had.includes(key))
  const removed = had.filter((key) => !wanted.includes(key))
  await recount(tx, origin, added, removed, reacting.unique)
  const author = authorOf(row)
  const unheard = kindOf(row.peer) === 'user' && author !== undefined && (await hasBlocked(tx, author, by))
  const tells = author !== undefined && author !== by && author !== tx.viewer && showsReactors(row) && !unheard
  await writeRows(tx, origin, reacting, added, removed, tells)
  await mark(tx, copies, (await tx.run(countsOf, { origin })).length > 0 ? 1 : 0)
  if (author !== undefined) await settleUnseen(tx, copies, author, origin)
  await tellCopies(tx, row, copies, unheard ? author : undefined)
  if (row.owner < 0 && (await isCrowded(tx, row.owner))) {
    const concerned = new Set(author !== undefined && showsReactors(row) ? [author, tx.viewer] : [tx.viewer])
    await lockWithBots(tx, row.owner, [...concerned])
    const told = [...concerned].filter((id) => id > 0)
    await tx.publishAll(told.map((owner) => [owner, { kind: 'reactions', ref: row.id, box: row.owner }]))
  }
  await tellReactionBots(tx, row, copies, { by, had, wanted })
  if (row.owner < 0) {
    tx.onCommit(() => {
      for (const key of added) noteStats(tx, bareId(row.owner), [row], 'react', key)
    })
  }
  return added
}

async function recount(
  tx: Tx,
  origin: number,
  added: readonly string[],
  removed: readonly string[],
  unique: number,
): Promise<void> {
  for (const reaction of removed) await tx.run(countDown, { origin, reaction })
  if (removed.length > 0) {
    await tx.trx.deleteFrom('reaction_count').where('origin', '=', origin).where('count', '<=', 0).execute()
  }
  for (const reaction of added) await tx.run(countUp, { origin, reaction, date: tx.now })
  if (added.length > 0 && (await tx.run(countsOf, { origin })).length > unique) {
    throw new RpcError('REACTIONS_TOO_MANY')
  }
}

async function writeRows(
  tx: Tx,
  origin: number,
  { by, wanted, big }: Reacting,
  added: readonly string[],
  removed: readonly string[],
  unread: boolean,
): Promise<void> {
  if (removed.length > 0) {
    await tx.trx
      .deleteFrom('reaction')
      .where('origin', '=', origin)
      .where('peer', '=', by)
      .where('reaction', 'in', removed)
      .execute()
  }
  for (const [n, reaction] of wanted.entries()) {
    const key = { origin, peer: by, reaction }
    if (added.includes(reaction)) {
      const row = { ...key, n, date: tx.now, big: big ? 1 : 0, unread: unread ? 1 : 0 }
      await tx.trx.insertInto('reaction').values(row).execute()
    } else {
      await tx.trx
        .updateTable('reaction')
        .set({ n })
        .where('origin', '=', origin)
        .where('peer', '=', by)
        .where('reaction', '=', reaction)
        .execute()
    }
  }
}

/** Whether any copy has to look for reactions at all. */
async function mark(tx: Tx, copies: ReadonlyMap<number, readonly MessageRow[]>, reacted: 0 | 1): Promise<void> {
  const stale = [...copies.values()].flat().filter((copy) => copy.reacted !== reacted)
  if (stale.length === 0) return
  await tx.trx
    .updateTable('message')
    .set({ reacted })
    .where('owner', 'in', [...new Set(stale.map((copy) => copy.owner))])
    .where('origin', '=', stale[0]!.origin)
    .execute()
}

/** The author's copy of a message, or the channel's; undefined when the author has lost it. */
function authorsCopy(copies: ReadonlyMap<number, readonly MessageRow[]>, author: number): MessageRow | undefined {
  for (const [owner, own] of copies) if (owner === author || owner < 0) return own[0]
  return undefined
}

async function settleUnseen(
  tx: Tx,
  copies: ReadonlyMap<number, readonly MessageRow[]>,
  author: number,
  origin: number,
): Promise<void> {
  const copy = authorsCopy(copies, author)
  if (!copy) return
  const fresh = (await tx.run(anyUnread, { origin })).length > 0
  await setUnseen(tx, copy, author, 'reactions', fresh)
}

/** Notes on the author's copy, and in their dialog, that something of it is unseen, or no longer. */
export async function setUnseen(
  tx: Tx,
  copy: MessageRow,
  author: number,
  what: keyof typeof UNSEEN,
  fresh: boolean,
): Promise<boolean> {
  const bit = UNSEEN[what]
  if (((copy.unseen & bit) !== 0) === fresh) return false
  await tx.trx
    .updateTable('message')
    .set((eb) => ({ unseen: eb('unseen', fresh ? '+' : '-', bit) }))
    .where('owner', '=', copy.owner)
    .where('id', '=', copy.id)
    .execute()
  const column = what === 'reactions' ? 'unread_reactions' : 'unread_votes'
  const dialog = await dialogRow(tx, author, copy.peer)
  if (!dialog) return true
  await tx.trx
    .updateTable('dialog')
    .set({ [column]: Math.max(0, dialog[column] + (fresh ? 1 : -1)) })
    .where('owner', '=', author)
    .where('peer', '=', copy.peer)
    .execute()
  return true
}

/** Members up to whom everybody is told of every reaction and vote. */
const CROWD = 200

/**
 * Whether a box is a channel's with so many members that telling all of them of each reaction and vote would cost more
 * than it is worth: clients ask for those of the messages they show. https://core.telegram.org/api/reactions
 */
export async function isCrowded(tx: Tx, owner: number): Promise<boolean> {
  if (kindOf(owner) !== 'channel') return false
  const channel = await channelRow(tx, bareId(owner))
  return channel !== undefined && channel.members > CROWD
}

/** Who of a message's copies' owners is told of what happens to it: in a group, those who are in it. */
export async function listeners(tx: Tx, row: Pick<MessageRow, 'owner' | 'peer'>): Promise<(owner: number) => boolean> {
  if (kindOf(row.peer) !== 'chat') return () => true
  const present = new Set((await memberRows(tx, bareId(row.peer))).map((m) => m.user_id))
  return (owner) => owner === row.owner || present.has(owner)
}

async function tellCopies(
  tx: Tx,
  row: MessageRow,
  copies: ReadonlyMap<number, readonly MessageRow[]>,
  except: number | undefined,
): Promise<void> {
  const hears = await listeners(tx, row)
  const told: MessageRow[] = []
  for (const [owner, own] of copies) {
    if (owner !== except && hears(owner) && !(await isCrowded(tx, owner))) told.push(...own)
  }
  await tx.publishAll(told.map((copy) => [copy.owner, { kind: 'reactions', ref: copy.id }]))
}

/** Whether something of a message is news to this account: reactions to what it said, votes in what it asked. */
export const isNews = (row: MessageRow, account: number): boolean => row.unseen !== 0 && authorOf(row) === account

/** The author has seen what is new of these messages of theirs: their devices are shown that it is no longer. */
export async function seenNews(
  tx: Tx,
  author: number,
  rows: readonly MessageRow[],
  ...what: (keyof typeof UNSEEN)[]
): Promise<void> {
  const news = rows.filter((row) => isNews(row, author))
  const having = (one: keyof typeof UNSEEN) =>
    what.includes(one) ? news.filter((row) => (row.unseen & UNSEEN[one]) !== 0) : []
  const [reacted, voted] = [having('reactions'), having('votes')]
  await seenReactions(tx, author, reacted)
  for (const row of voted) await setUnseen(tx, row, author, 'votes', false)
  const told = (kind: 'reactions' | 'poll', those: readonly MessageRow[]) =>
    those.map(({ id, owner }): Telling => [author, { kind, ref: id, ...(owner < 0 ? { box: owner } : undefined) }])
  await tx.publishAll([...told('reactions', reacted), ...told('poll', voted)])
}

async function seenReactions(tx: Tx, author: number, rows: readonly MessageRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.trx
    .updateTable('reaction')
    .set({ unread: 0 })
    .where(
      'origin',
      'in',
      rows.map((row) => row.origin),
    )
    .where('unread', '=', 1)
    .execute()
  for (const row of rows) await setUnseen(tx, row, author, 'reactions', false)
}

/** Forgets the reactions to messages of which no copy is left. */
export async function forgetReactions(tx: Tx, origins: readonly number[]): Promise<void> {
  if (origins.length === 0) return
  await tx.trx.deleteFrom('reaction').where('origin', 'in', origins).execute()
  await tx.trx.deleteFrom('reaction_count').where('origin', 'in', origins).execute()
}
