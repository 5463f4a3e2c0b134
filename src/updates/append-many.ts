import { sql } from 'kysely'
import type { Tx } from '../rpc/context.ts'
import type { RpcSession } from '../rpc/session.ts'
import { query } from '../storage/index.ts'
import { encodeFact, type Fact, type FactKind, type Facts } from './facts.ts'
import { appendFact, lockBoxes, type Published } from './log.ts'

/** A fact, and the box that it is told to. */
export type Telling = readonly [owner: number, fact: Fact]

/** What the facts of one call come to in one box. */
interface Share {
  owner: number
  facts: { fact: Fact; ptsCount: number; qtsCount: number; at: number }[]
  pts: number
  qts: number
}

const advanceBy = query<{ owners: readonly number[]; facts: number; pts: number; qts: number; date: number }>()(
  (db, p, d) =>
    db
      .updateTable('box')
      .set((eb) => ({
        pos: eb('pos', '+', p.facts),
        pts: eb('pts', '+', p.pts),
        qts: eb('qts', '+', p.qts),
        date: p.date,
      }))
      .where('owner', 'in', d.locked('box', 'owner', d.each(p.owners)) as never)
      .returning(['owner', 'pos', 'pts', 'qts']),
)

/** Rows that differ in nothing but numbers, a list a column; on PostgreSQL alone, where many rows are one statement. */
const appendRows = query<{
  owners: readonly number[]
  poss: readonly number[]
  ptss: readonly number[]
  ptsCounts: readonly number[]
  qtss: readonly number[]
  refs: readonly (number | null)[]
  date: number
  kind: string
  data: Uint8Array | null
}>()((db, p) => {
  const lists = [p.owners, p.poss, p.ptss, p.ptsCounts, p.qtss, p.refs].map((list) => sql`${list}::bigint[]`)
  return db
    .insertInto('log')
    .columns(['owner', 'pos', 'pts', 'pts_count', 'qts', 'ref', 'date', 'kind', 'data'])
    .expression(
      sql`select t.*, ${p.date}::bigint, ${p.kind}::text, ${p.data}::bytea from unnest(${sql.join(lists)}) as t` as never,
    )
})

/**
 * Appends facts to many boxes, several to one box in the order given, and advances their pts or qts. Where each
 * statement costs a round trip it takes one for all of them, and their rows go with whatever is asked next. Boxes are
 * locked in the order of the owners.
 * @returns where each fact stands, in the order given
 */
export async function appendFacts(
  tx: Tx,
  tellings: readonly Telling[],
  by: RpcSession | undefined,
): Promise<Published[]> {
  if (tellings.length < 2 || tx.app.store.inOrder) {
    const published: Published[] = new Array(tellings.length)
    const order = tellings.map((_, i) => i).sort((a, b) => tellings[a]![0] - tellings[b]![0])
    for (const i of order) published[i] = await appendFact(tx, ...tellings[i]!, by)
    return published
  }
  const shares = sharesOf(tx, tellings)
  const ends = await advanceShares(tx, shares)
  const published: Published[] = new Array(tellings.length)
  const date = tx.now
  for (const share of shares) {
    const end = ends.get(share.owner)
    if (end === undefined) throw new Error(`no box for ${share.owner}`)
    let pos = end.pos - share.facts.length
    let pts = end.pts - share.pts
    let qts = end.qts - share.qts
    for (const { fact, ptsCount, qtsCount, at } of share.facts) {
      pos++
      pts += ptsCount
      qts += qtsCount
      published[at] = { owner: share.owner, pos, pts, ptsCount, qts: qtsCount > 0 ? qts : 0, date, fact, by }
    }
  }
  writeRows(tx, published)
  return published
}

function sharesOf(tx: Tx, tellings: readonly Telling[]): Share[] {
  const shares = new Map<number, Share>()
  tellings.forEach(([owner, fact], at) => {
    const kind = tx.app.facts[fact.kind] as FactKind<keyof Facts>
    const ptsCount = kind.pts(fact)
    const qtsCount = kind.qts ? 1 : 0
    let share = shares.get(owner)
    if (share === undefined) shares.set(owner, (share = { owner, facts: [], pts: 0, qts: 0 }))
    share.facts.push({ fact, ptsCount, qtsCount, at })
    share.pts += ptsCount
    share.qts += qtsCount
  })
  return [...shares.values()]
}

interface End {
  owner: number
  pos: number
  pts: number
  qts: number
}

/** Boxes that go on by the same are one statement; all of them are asked together, when all are locked. */
async function advanceShares(tx: Tx, shares: readonly Share[]): Promise<Map<number, End>> {
  const alike = Map.groupBy(shares, (share) => `${share.facts.length} ${share.pts} ${share.qts}`)
  const all = shares.map((share) => share.owner)
  const locked = alike.size > 1 ? lockBoxes(tx, all) : undefined
  const asked = [...alike.values()].map((group) => {
    const { facts, pts, qts } = group[0]!
    const owners = group.map((share) => share.owner)
    return tx.run(advanceBy, { owners, facts: facts.length, pts, qts, date: tx.now })
  })
  const [ends] = await Promise.all([Promise.all(asked), locked])
  return new Map(ends.flat().map((end) => [end.owner, end]))
}

/** Writes the rows; facts that say the same in many boxes are encoded once. */
function writeRows(tx: Tx, published: readonly Published[]): void {
  const encoded = new Map<object, ReturnType<typeof encodeFact>>()
  const groups = new Map<string, { rows: Published[]; refs: (number | null)[]; data: Uint8Array | null }>()
  for (const row of published) {
    const { fact } = row
    const { ref, data } = encoded.get(fact) ?? encodeFact(fact as Fact)
    encoded.set(fact, { ref, data })
    const key = data === null ? fact.kind : `${fact.kind} ${Buffer.from(data).toString('latin1')}`
    let group = groups.get(key)
    if (group === undefined) groups.set(key, (group = { rows: [], refs: [], data }))
    group.rows.push(row)
    group.refs.push(ref)
  }
  for (const { rows, refs, data } of groups.values()) {
    tx.write(appendRows, {
      owners: rows.map((row) => row.owner),
      poss: rows.map((row) => row.pos),
      ptss: rows.map((row) => row.pts),
      ptsCounts: rows.map((row) => row.ptsCount),
      qtss: rows.map((row) => row.qts),
      refs,
      date: rows[0]!.date,
      kind: rows[0]!.fact.kind,
      data,
    })
  }
}
