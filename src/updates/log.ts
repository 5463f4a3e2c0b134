import { sql } from 'kysely'
import type { Tx } from '../rpc/context.ts'
import type { RpcSession } from '../rpc/session.ts'
import { query } from '../storage/index.ts'
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

const advanceOne = query<{ owner: number; pts: number; messages: number; date: number }>()((db, p) =>
  db
    .updateTable('box')
    .set((eb) => ({
      pos: eb('pos', '+', 1),
      pts: eb('pts', '+', p.pts),
      message_id: eb('message_id', '+', p.messages),
      date: p.date,
    }))
    .where('owner', '=', p.owner)
    .returning(['owner', 'pos', 'pts', 'message_id']),
)

/** Private chats are two boxes: without lists, which cost more than the rows. */
const advanceTwo = query<{ a: number; b: number; date: number }>()((db, p, d) =>
  db
    .updateTable('box')
    .set((eb) => ({
      pos: eb('pos', '+', 1),
      pts: eb('pts', '+', 1),
      message_id: eb('message_id', '+', 1),
      date: p.date,
    }))
    .where('owner', 'in', d.locked('box', 'owner', sql`(${p.a}, ${p.b})`) as never)
    .returning(['owner', 'pos', 'pts', 'message_id']),
)
interface Newest {
  owner: number
  pos: number
  pts: number
  ref: number
}
const appendTwo = query<{
  ownerA: number
  posA: number
  ptsA: number
  refA: number
  ownerB: number
  posB: number
  ptsB: number
  refB: number
  date: number
  kind: string
}>()((db, p) => {
  const row = ({ owner, pos, pts, ref }: Newest) => {
    return { owner, pos, pts, pts_count: 1, qts: 0, date: p.date, kind: p.kind, ref, data: null }
  }
  return db
    .insertInto('log')
    .values([
      row({ owner: p.ownerA, pos: p.posA, pts: p.ptsA, ref: p.refA }),
      row({ owner: p.ownerB, pos: p.posB, pts: p.ptsB, ref: p.refB }),
    ])
})

/** Appends the same fact to many boxes that have just been advanced; `ref` is each box's newest message id. */
const appendMany = query<{
  owners: number[]
  ptsCount: number
  date: number
  kind: string
  data: Uint8Array | null
}>()((db, p, d) =>
  db
    .insertInto('log')
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
  await tx.run(append, { owner, pos: box.pos, pts: box.pts, ptsCount, qts, date, kind: fact.kind, ...encodeFact(fact) })
  return { owner, pos: box.pos, pts: box.pts, ptsCount, qts, date, fact, by }
}

/**
 * Gives each owner's next message id to a new message and appends the fact that tells of it, for all owners at once.
 * Rows are locked in the order of the owners, so that two senders cannot wait for each other.
 */
export async function appendMessageFacts(
  tx: Tx,
  owners: readonly number[],
  kind: 'newMessage',
  by: RpcSession | undefined,
): Promise<Published[]> {
  const date = tx.now
  const published = (box: { owner: number; pos: number; pts: number; message_id: number }): Published => {
    const { owner, pos, pts } = box
    return { owner, pos, pts, ptsCount: 1, qts: 0, date, fact: { kind, ref: box.message_id }, written: undefined, by }
  }
  if (owners.length === 1) {
    const [box] = await tx.run(advanceOne, { owner: owners[0]!, pts: 1, messages: 1, date })
    if (!box) throw new Error(`no box for ${owners[0]}`)
    const { owner, pos, pts, message_id: ref } = box
    await tx.run(append, { owner, pos, pts, ptsCount: 1, qts: 0, date, kind, ref, data: null })
    return [published(box)]
  }
  if (owners.length === 2) {
    const boxes = await tx.run(advanceTwo, { a: owners[0]!, b: owners[1]!, date })
    const [a, b] = boxes
    if (!a || !b) throw new Error('an account has no box')
    await tx.run(appendTwo, {
      ...{ ownerA: a.owner, posA: a.pos, ptsA: a.pts, refA: a.message_id },
      ...{ ownerB: b.owner, posB: b.pos, ptsB: b.pts, refB: b.message_id },
      date,
      kind,
    })
    return boxes.map(published)
  }
  const boxes = await tx.run(advanceMany, { owners: [...owners], pts: 1, messages: 1, date })
  if (boxes.length !== owners.length) throw new Error('an account has no box')
  await tx.run(appendMany, { owners: [...owners], ptsCount: 1, date, kind, data: null })
  return boxes.map(published)
}

/**
 * Keeps everybody else from these boxes to the end of the transaction. Whatever reads and then changes what several
 * owners have calls it first: locks are taken in the order of the owners, boxes before the rows that hang on them, so
 * that no two wait for each other.
 */
export async function lockBoxes(tx: Tx, owners: readonly number[]): Promise<void> {
  // SQLite runs one transaction at a time.
  if (tx.app.store.dialect === 'sqlite') return
  await tx.trx.selectFrom('box').select('owner').where('owner', 'in', owners).orderBy('owner').forUpdate().execute()
}

/** Hands out the next message id of an account's (or a channel's) own sequence. */
export async function nextMessageId(tx: Tx, owner: number): Promise<number> {
  const [box] = await tx.run(allocate, { owner })
  if (!box) throw new Error(`no box for ${owner}`)
  return box.message_id
}

/** Opens the box of a new account or channel. */
export async function openBox(tx: Tx, owner: number): Promise<void> {
  await tx.trx
    .insertInto('box')
    .values({ owner, pos: 0, pts: 1, qts: 0, date: tx.now, message_id: 0 })
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
