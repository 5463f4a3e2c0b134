// The database: node bench/storage.ts [sqlite:FILE | postgres://...] [seconds]. One JSON line a figure. Transactions
// of two rows each (a counter raised, a row added) by 1, 8 and 64 callers, how long the event loop stood still
// meanwhile, point reads, and full-text search. Without an address: a file in the directory for temporary files.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { openStore, query } from '../src/storage/index.ts'

const dir = mkdtempSync(join(tmpdir(), 'chappe-bench-'))
const [database = `sqlite:${join(dir, 'bench.sqlite')}`, seconds = '3'] = process.argv.slice(2)
const ms = Number(seconds) * 1000

const raise = query<{ name: string }>()((db, p) =>
  db
    .insertInto('counter')
    .values({ name: p.name, value: 1 })
    .onConflict((c) => c.column('name').doUpdateSet((eb) => ({ value: eb('counter.value', '+', 1) })))
    .returning('value'),
)
const append = query<{ owner: number; id: number; data: Uint8Array }>()((db: Kysely<any>, p) =>
  db.insertInto('bench_row').values({ owner: p.owner, id: p.id, data: p.data }),
)
const read = query<{ owner: number; id: number }>()((db: Kysely<any>, p) =>
  db.selectFrom('bench_row').select(['data']).where('owner', '=', p.owner).where('id', '=', p.id),
)

const data = new Uint8Array(120).fill(7)
const store = await openStore({ database })
const say = (figure: object) => console.log(JSON.stringify({ database: store.dialect, ...figure }))
const round = (n: number) => Math.round(n * 100) / 100

await store.transact(async (trx) => {
  await store.d
    .createTable(trx, 'bench_row', { clustered: true })
    .addColumn('owner', store.d.id, (c) => c.notNull())
    .addColumn('id', store.d.int, (c) => c.notNull())
    .addColumn('data', store.d.blob)
    .addPrimaryKeyConstraint('bench_row_pk', ['owner', 'id'])
    .execute()
  await store.d.createTextIndex(trx, 'bench_text')
})

/** Runs callers side by side for the time given, and watches how late the event loop is. */
async function measure(bench: string, callers: number, one: (caller: number, i: number) => Promise<unknown>) {
  const latencies: number[] = []
  const begun = performance.now()
  let worst = 0
  let last = begun
  let turning = true
  const turn = () => {
    const now = performance.now()
    worst = Math.max(worst, now - last)
    last = now
    if (turning) setImmediate(turn)
  }
  setImmediate(turn)
  const caller = async (_: unknown, c: number) => {
    for (let i = 1; performance.now() - begun < ms; i++) {
      const start = performance.now()
      await one(c, i)
      latencies.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const took = performance.now() - begun
  turning = false
  latencies.sort((a, b) => a - b)
  const at = (share: number) => round(latencies[Math.floor(latencies.length * share)] ?? 0)
  const perSecond = Math.round((latencies.length / took) * 1000)
  say({ bench, callers, perSecond, p50Ms: at(0.5), p99Ms: at(0.99), longestTurnMs: round(worst) })
}

for (const callers of [1, 8, 64]) {
  await measure('transactions of two rows', callers, (caller, i) =>
    store.transact(async (trx) => {
      const owner = callers * 100 + caller
      await store.run(raise, { name: `box ${owner}` }, trx)
      await store.run(append, { owner, id: i, data }, trx)
    }),
  )
}
await measure('point reads, prepared', 64, (caller, i) => store.run(read, { owner: 6400 + caller, id: (i % 50) + 1 }))
await measure('point reads, built each time', 64, (caller, i) =>
  (store.db as Kysely<any>)
    .selectFrom('bench_row')
    .select(['data'])
    .where('owner', '=', 6400 + caller)
    .where('id', '=', (i % 50) + 1)
    .execute(),
)
const words =
  'the of and to in is you that it he was for on are as with his they at be this have from or one had by'.split(' ')
const sentence = (n: number) =>
  Array.from({ length: 12 }, (_, i) => words[(n * 7 + i * i * 3) % words.length]).join(' ')
await measure('texts indexed', 64, (caller, i) =>
  store.transact((trx) =>
    store.d.indexText(trx, 'bench_text', {
      owner: caller,
      peer: i % 10,
      id: i,
      text: `${sentence(i + caller)} word${i}`,
    }),
  ),
)
await measure('searches of a common and a rare word', 8, async (caller, i) => {
  const page = { first: 0, below: Number.MAX_SAFE_INTEGER, newest: true, limit: 50 }
  await store.d.matchPage(store.db, 'bench_text', { owner: caller, query: `this word${1 + (i % 100)} `, ...page })
})

if (store.dialect === 'postgres') {
  await store.transact((trx) => (trx.schema as any).dropTable('bench_row').execute())
  await store.transact((trx) => store.d.dropTextIndex(trx, 'bench_text'))
}
await store.close()
rmSync(dir, { recursive: true })
