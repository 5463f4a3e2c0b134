import type { ExpressionBuilder } from 'kysely'
import type { Tx } from '../rpc/context.ts'
import type { RpcSession } from '../rpc/session.ts'
import { query, type Tables } from '../storage/index.ts'
import { decodeFact, encodeFact, type Fact, type FactKind, type Facts, type Logged } from './facts.ts'

/** A fact that has been appended, and the session that needs no telling. */
export interface Published extends Logged {
  readonly by: RpcSession | undefined
}

const advance = query<{ owner: number; pts: number; qts: number; date: number }>()((db, p) =>
  db
    .updateTable('box')
    .set((eb) => ({
      pos: eb('pos', '+', 1),
      pts: eb('pts', '+', p.pts),
      qts: eb('qts', '+', p.qts),
      date: p.date,
    }))
    .where('owner', '=', p.owner)
    .returning(['pos', 'pts', 'qts']),
)

const allocate = query<{ owner: number }>()((db, p) =>
  db
    .updateTable('box')
    .set((eb) => ({ message_id: eb('message_id', '+', 1) }))
    .where('owner', '=', p.owner)
    .returning('message_id'),
)

const append = query<{
  owner: number
  pos: number
  pts: number
  ptsCount: number
  qts: number
  date: number
  kind: string
  ref: number | null
  data: Uint8Array | null
}>()((db, p) =>
  db.insertInto('log').values({
    owner: p.owner,
    pos: p.pos,
    pts: p.pts,
    pts_count: p.ptsCount,
    qts: p.qts,
    date: p.date,
    kind: p.kind,
    ref: p.ref,
    data: p.data,
  }),
)

const advanceMany = query<{ owners: number[]; pts: number; messages: number; date: number }>()((db, p, d) =>
  db
    .updateTable('box')
    .set((eb) => ({
      pos: eb('pos', '+', 1),
      pts: eb('pts', '+', p.pts),
      message_id: eb('message_id', '+', p.messages),
      date: p.date,
    }))
    .where('owner', 'in', d.locked('box', 'owner', d.each(p.owners)) as never)
    .returning(['owner', 'pos', 'pts', 'message_id']),
)

/** A box goes on by one message. */
const oneMessage = (eb: ExpressionBuilder<Tables, 'box'>, date: number) => ({
  pos: eb('pos', '+', 1),
  pts: eb('pts', '+', 1),
  message_id: eb('message_id', '+', 1),
  date,
})

const advanceOne = query<{ owner: number; date: number }>()((db, p) =>
  db
    .updateTable('box')
    .set((eb) => oneMessage(eb, p.date))
    .where('owner', '=', p.owner)
    .returning(['owner', 'pos', 'pts', 'message_id']),
)

/** The same for SQLite, where nobody else writes meanwhile, and RETURNING costs more than to read first. */
const placeOf = query<{ owner: number }>()((db, p) =>
  db.selectFrom('box').select(['owner', 'pos', 'pts', 'message_id']).where('owner', '=', p.owner),
)
const placesOf = query<{ owners: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('box')
    .select(['owner', 'pos', 'pts', 'message_id'])
    .where('owner', 'in', d.each(p.owners) as never),
)
const setPlace = query<{ owner: number; pos: number; pts: number; message: number; date: number }>()((db, p) =>
  db
    .updateTable('box')
    .set({ pos: p.pos, pts: p.pts, message_id: p.message, date: p.date })
    .where('owner', '=', p.owner),
)
const raisePlaces = query<{ owners: readonly number[]; date: number }>()((db, p, d) =>
  db
    .updateTable('box')
    .set((eb) => oneMessage(eb, p.date))
    .where('owner', 'in', d.each(p.owners) as never),
)
/** Up to so many boxes are advanced one by one: a list costs as much as several statements. */
const FEW = 4

/** Appends the same fact to many boxes that have just been advanced; `ref` is each box's newest message id. */
const appendMany = query<{
  owners: number[]
  ptsCount: number
  date: number
  kind: string
  data: Uint8Array | null
}>()((db, p, d) =>
  d
    .insertMany(db, 'log')
    .columns(['owner', 'pos', 'pts', 'pts_count', 'qts', 'date', 'kind', 'ref', 'data'])
    .expression((eb) =>
      eb
        .selectFrom('box')
        .select((e) => [
          'owner',
          'pos',
          'pts',
          e.val(p.ptsCount).as('pts_count'),
          e.lit(0).as('qts'),
          e.val(p.date).as('date'),
          e.val(p.kind).as('kind'),
          'message_id as ref',
          e.val(p.data).as('data'),
        ])
        .where('owner', 'in', d.each(p.owners) as never),
    ),
)

const after = query<{ owner: number; pos: number; limit: number }>()((db, p) =>
  db.selectFrom('log').selectAll().where('owner', '=', p.owner).where('pos', '>', p.pos).orderBy('pos').limit(p.limit),
)

/**
 * Appends a fact to a box's log and advances its pts or qts, in the transaction of the data it tells of.
 * The row of the box is locked from here to the commit, so positions are handed out in the order of commits.
 * https://core.telegram.org/api/updates
 */
export async function appendFact(tx: Tx, owner: number, fact: Fact, by: RpcSession | undefined): Promise<Published> {
  const kind = tx.app.facts[fact.kind] as FactKind<keyof Facts>
  const ptsCount = kind.pts(fact)
  const qtsCount = kind.qts ? 1 : 0
  const date = tx.now
  const [box] = await tx.run(advance, { owner, pts: ptsCount, qts: qtsCount, date })
  if (!box) throw new Error(`no box for ${owner}`)
  const qts = qtsCount > 0 ? box.qts : 0
  tx.write(append, { owner, pos: box.pos, pts: box.pts, ptsCount, qts, date, kind: fact.kind, ...encodeFact(fact) })
  return { owner, pos: box.pos, pts: box.pts, ptsCount, qts, date, fact, by }
}

/**
 * Gives each owner's next message id to a new message and appends the fact that tells of it, for all owners at once.
 * Rows are locked in the order of the owners, so that two senders cannot wait for each other.
 * @param collect gets them, too
 */
export async function appendMessageFacts(
  tx: Tx,
  owners: readonly number[],
  kind: 'newMessage',
  by: RpcSession | undefined,
  collect: Published[],
): Promise<Published[]> {
  const date = tx.now
  const alone = tx.app.store.dialect === 'sqlite'
  const boxes = alone ? await advanceAlone(tx, owners, date) : await advanceAll(tx, owners, date)
  if (boxes.length !== owners.length) throw new Error('an account has no box')
  const published = boxes.map(({ owner, pos, pts, message_id: ref }): Published => {
    return { owner, pos, pts, ptsCount: 1, qts: 0, date, fact: { kind, ref }, written: undefined, by }
  })
  if (owners.length > FEW) {
    tx.write(appendMany, { owners: [...owners], ptsCount: 1, date, kind, data: null })
  } else {
    for (const { owner, pos, pts, message_id: ref } of boxes) {
      tx.write(append, { owner, pos, pts, ptsCount: 1, qts: 0, date, kind, ref, data: null })
    }
  }
  for (const one of published) collect.push(one)
  return published
}

interface Place {
  owner: number
  pos: number
  pts: number
  message_id: number
}

async function advanceAll(tx: Tx, owners: readonly number[], date: number): Promise<Place[]> {
  if (owners.length <= FEW) {
    // One after the other, in the order in which boxes are locked, and all asked together.
    const few = owners.toSorted((a, b) => a - b).map((owner) => tx.run(advanceOne, { owner, date }))
    return (await Promise.all(few)).flat()
  }
  return tx.run(advanceMany, { owners: [...owners], pts: 1, messages: 1, date })
}

async function advanceAlone(tx: Tx, owners: readonly number[], date: number): Promise<Place[]> {
  const places: Place[] = []
  if (owners.length <= FEW) {
    for (const owner of owners) places.push(...(await tx.run(placeOf, { owner })))
  } else places.push(...(await tx.run(placesOf, { owners })))
  for (const place of places) {
    place.pos++
    place.pts++
    place.message_id++
  }
  if (owners.length > FEW) tx.write(raisePlaces, { owners, date })
  else {
    for (const { owner, pos, pts, message_id: message } of places) {
      tx.write(setPlace, { owner, pos, pts, message, date })
    }
  }
  return places
}

const lockThem = query<{ owners: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('box')
    .select('owner')
    .where('owner', 'in', d.each(p.owners) as never)
    .orderBy('owner')
    .forUpdate(),
)

/**
 * Keeps everybody else from these boxes to the end of the transaction. Whatever reads and then changes what several
 * owners have calls it first: locks are taken in the order of the owners, boxes before the rows that hang on them, so
 * that no two wait for each other. What is asked in the same turn, after it, is asked when they are locked.
 */
export async function lockBoxes(tx: Tx, owners: readonly number[]): Promise<void> {
  // SQLite runs one transaction at a time.
  if (tx.app.store.dialect === 'sqlite' || owners.length === 0) return
  await tx.run(lockThem, { owners })
}

/** Hands out the next message id of an account's (or a channel's) own sequence. */
export async function nextMessageId(tx: Tx, owner: number): Promise<number> {
  const [box] = await tx.run(allocate, { owner })
  if (!box) throw new Error(`no box for ${owner}`)
  return box.message_id
}

/** What a box's qts begins with, as pts does: clients take a first update that comes after 0 for lost. */
export const FIRST_QTS = 1

/** Opens the box of a new account or channel. */
export async function openBox(tx: Tx, owner: number): Promise<void> {
  await tx.trx
    .insertInto('box')
    .values({ owner, pos: 0, pts: 1, qts: FIRST_QTS, date: tx.now, message_id: 0 })
    .onConflict((c) => c.column('owner').doNothing())
    .execute()
}

interface LogRow {
  owner: number
  pos: number
  pts: number
  pts_count: number
  qts: number
  date: number
  kind: string
  ref: number | null
  data: Uint8Array | null
}

export function fromRow(row: LogRow): Logged {
  return {
    owner: row.owner,
    pos: row.pos,
    pts: row.pts,
    ptsCount: row.pts_count,
    qts: row.qts,
    date: row.date,
    fact: decodeFact(row.kind, row.ref, row.data),
  }
}

/** Facts of a box after a position, oldest first. */
export async function readLog(ctx: Pick<Tx, 'run'>, owner: number, pos: number, limit: number): Promise<Logged[]> {
  const rows = await ctx.run(after, { owner, pos, limit })
  return rows.map(fromRow)
}

/** Where a box stands. */
export interface BoxState {
  readonly pos: number
  readonly pts: number
  readonly qts: number
  readonly date: number
}

const stateQuery = query<{ owner: number }>()((db, p) =>
  db.selectFrom('box').select(['pos', 'pts', 'qts', 'date']).where('owner', '=', p.owner),
)

export async function boxState(ctx: Pick<Tx, 'run'>, owner: number): Promise<BoxState> {
  const [row] = await ctx.run(stateQuery, { owner })
  return row ?? { pos: 0, pts: 1, qts: 0, date: 0 }
}

const nextPts = query<{ owner: number; pos: number }>()((db, p) =>
  db
    .selectFrom('log')
    .select(['pos', 'pts'])
    .where('owner', '=', p.owner)
    .where('pos', '>=', p.pos)
    .orderBy('pos')
    .limit(1),
)

/**
 * The first position of a box whose pts is at least that. No index leads there, which every message would have to pay
 * for: pts never falls from one position to the next, so some looks at the key find it. Where a look costs a round trip
 * many are taken at once.
 */
export async function positionOf(
  ctx: Pick<Tx, 'run' | 'app'>,
  owner: number,
  pts: number,
  end: number,
): Promise<number> {
  const looks = ctx.app.store.inOrder ? 1 : 16
  let low = 0
  let high = end + 1
  while (low < high) {
    const at = looksBetween(low, high, looks)
    const found = await Promise.all(at.map((pos) => ctx.run(nextPts, { owner, pos })))
    for (const [i, [row]] of found.entries()) {
      if (row && row.pts < pts) low = row.pos + 1
      else {
        high = at[i]!
        break
      }
    }
  }
  return low
}

/** Positions to look at, so that they part what is from `low` to before `high` evenly. */
function looksBetween(low: number, high: number, looks: number): number[] {
  if (looks === 1) return [Math.floor((low + high) / 2)]
  const count = Math.min(looks, high - low)
  return Array.from({ length: count }, (_, i) => low + Math.floor((i * (high - low)) / count))
}
