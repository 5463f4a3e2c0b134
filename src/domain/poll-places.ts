import type { Ctx, Tx } from '../rpc/context.ts'
import { schedule } from '../rpc/jobs.ts'
import { query } from '../storage/index.ts'
import { lockBoxes } from '../updates/log.ts'
import { holders } from './copies.ts'
import type { MessageRow } from './message-rows.ts'
import { atRest, type Carried } from './message-view.ts'
import { type PollRow, pollIdOf } from './polls.ts'
import { isCrowded, listeners } from './react.ts'

/** Messages that are told of a vote: a poll that was forwarded further shows its votes when it is looked at. */
const TOLD = 50

/** The job that closes a poll when its time is over. */
export const CLOSE_POLL = 'polls.close'

const copiesAt = query<{ owners: readonly number[]; origins: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('message')
    .selectAll()
    .where('owner', 'in', d.each(p.owners) as never)
    .where('origin', 'in', d.each(p.origins) as never)
    .orderBy('owner')
    .orderBy('id'),
)

/**
 * Notes that a poll is in a message that is being sent: the first one begins it, later ones (forwards) share its votes.
 * Every way of sending calls it, in the message's transaction.
 * @param row the sender's copy, or the channel's
 */
export async function placePoll(tx: Tx, row: MessageRow, media: Carried | undefined): Promise<void> {
  if (media?._ !== 'messageMediaPoll') return
  const id = Number(media.poll.id)
  const closeDate = media.poll.closeDate ?? (media.poll.closePeriod ? tx.now + media.poll.closePeriod : null)
  const made = await tx.trx
    .insertInto('poll')
    .values({
      id,
      creator: row.sender ?? row.from_id,
      date: tx.now,
      tl: atRest(media),
      public: media.poll.publicVoters ? 1 : 0,
      close_date: closeDate,
      closed: media.poll.closed ? 1 : 0,
      posted_in: row.owner < 0 ? row.owner : null,
    })
    .onConflict((c) => c.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  await tx.trx
    .insertInto('poll_place')
    .values({ poll_id: id, origin: row.origin, owner: row.owner, peer: row.peer })
    .onConflict((c) => c.doNothing())
    .execute()
  if (!made || closeDate === null || media.poll.closed) return
  await schedule(tx, { id: `${CLOSE_POLL}:${id}`, kind: CLOSE_POLL, owner: 0, dueAt: closeDate, data: { id } })
}

const placesWith = query<{ id: number }>()((db, p) =>
  db.selectFrom('poll_place').selectAll().where('poll_id', '=', p.id).limit(TOLD),
)

/** Whose boxes a poll is in, and who of them is told of it, by the message it is in. */
export interface Places {
  readonly owners: ReadonlySet<number>
  readonly hears: ReadonlyMap<number, (owner: number) => boolean>
}

/** Where a poll is: the newest messages, and `here` in any case. */
export async function findPlaces(tx: Tx, id: number, here?: MessageRow): Promise<Places> {
  const places = await tx.run(placesWith, { id })
  if (here && !places.some((p) => p.origin === here.origin)) {
    places.push({ poll_id: id, origin: here.origin, owner: here.owner, peer: here.peer })
  }
  const owners = new Set<number>()
  const hears = new Map<number, (owner: number) => boolean>()
  await Promise.all(
    places.map(async ({ owner, peer, origin }) => {
      const [held, hear] = await Promise.all([holders(tx, owner, peer), listeners(tx, { owner, peer })])
      for (const one of held) owners.add(one)
      hears.set(origin, hear)
    }),
  )
  return { owners, hears }
}

/** Copies of the messages a poll is in, by owner; their boxes are locked from here on. */
export async function copiesIn(tx: Tx, id: number, { owners, hears }: Places): Promise<MessageRow[]> {
  if (owners.size === 0) return []
  const sorted = [...owners].sort((a, b) => a - b)
  const [, copies] = await Promise.all([
    lockBoxes(tx, sorted),
    tx.run(copiesAt, { owners: sorted, origins: [...hears.keys()] }),
  ])
  return copies.filter((copy) => pollIdOf(copy) === id && hears.get(copy.origin)!(copy.owner))
}

/** Both of these, where the poll has been locked before. */
export async function placesOf(tx: Tx, id: number, here?: MessageRow): Promise<MessageRow[]> {
  return copiesIn(tx, id, await findPlaces(tx, id, here))
}

/** Tells whoever has the poll how it stands now; large channels only when it changed itself, not of every vote. */
export async function tellPoll(tx: Tx, copies: readonly MessageRow[], what: 'votes' | 'poll'): Promise<void> {
  const crowded = new Set<number>()
  if (what === 'votes') {
    for (const owner of new Set(copies.map((copy) => copy.owner))) if (await isCrowded(tx, owner)) crowded.add(owner)
  }
  const told = copies.filter((copy) => !crowded.has(copy.owner))
  await tx.publishAll(told.map((copy) => [copy.owner, { kind: 'poll', ref: copy.id }]))
}

/** Closes a poll for good. Gives undefined when it was closed already. */
export async function closePoll(tx: Tx, id: number, here?: MessageRow): Promise<PollRow | undefined> {
  const row = await tx.trx
    .updateTable('poll')
    .set((eb) => ({ closed: 1, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .where('closed', '=', 0)
    .returningAll()
    .executeTakeFirst()
  if (row) await tellPoll(tx, await placesOf(tx, id, here), 'poll')
  return row
}

/** The job that closes a poll. */
export async function closeDuePoll(ctx: Ctx, data: { id: number }): Promise<void> {
  await ctx.transact((tx) => closePoll(tx, data.id))
}
