// What becomes of a store on PostgreSQL whose connections break, fall silent, or wait for who is gone.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type Kysely, sql } from 'kysely'
import { openStore, query, type Store, type StoreOptions, TransactionTimeout, type Trx } from '../src/storage/index.ts'
import { DIALECTS, freshDatabase } from '../src/storage/test-store.ts'
import { Middle } from './faults/proxy.ts'

const postgres = { skip: !DIALECTS.includes('postgres') && 'needs PostgreSQL' }

const allSettings = query()((db) => db.selectFrom('setting').selectAll().orderBy('name'))
const raiseHot = (trx: Trx) =>
  trx
    .updateTable('counter')
    .set((eb) => ({ value: eb('value', '+', 1) }))
    .where('name', '=', 'hot')
    .execute()
const put = (trx: Trx, name: string) => trx.insertInto('setting').values({ name, value: '' }).execute()
const names = async (store: Store) => (await store.run(allSettings, {})).map((row) => row.name)

/** A database, a store on it, and one that reaches it by a way that may be cut. */
class Place implements AsyncDisposable {
  readonly store: Store
  readonly distant: Store
  readonly way: Middle
  /** The database by that way. */
  readonly address: string
  readonly #end: () => Promise<void>

  private constructor(store: Store, distant: Store, way: Middle, address: string, end: () => Promise<void>) {
    this.address = address
    this.store = store
    this.distant = distant
    this.way = way
    this.#end = end
  }

  static async open(options: Partial<StoreOptions> = {}): Promise<Place> {
    const database = await freshDatabase('postgres')
    const { proxy, address } = await Middle.to(database.address)
    const quiet = { onWarning: () => {}, ...options }
    const store = await openStore({ ...quiet, database: database.address })
    const distant = await openStore({ ...quiet, database: address })
    return new Place(store, distant, proxy, address, async () => {
      proxy.close()
      await Promise.all([store.close(), distant.close()])
      await database[Symbol.asyncDispose]()
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end()
  }
}

test('what a transaction that ran again fails with is the caller’s', postgres, async () => {
  await using place = await Place.open()
  let runs = 0
  const running = place.store.transact(async (trx) => {
    if (++runs > 1) throw new Error('taken')
    await put(trx, 'once')
    await put(trx, 'once')
  })
  await assert.rejects(running, /taken/)
  assert.equal(runs, 2)
})

test(
  'a transaction whose connection is lost before its end runs again, and a read is asked again',
  postgres,
  async () => {
    await using place = await Place.open()
    const { distant, way } = place
    let runs = 0
    await distant.transact(async (trx) => {
      await put(trx, 'once')
      if (++runs > 1) return
      way.cut()
      setTimeout(() => way.heal(), 100)
      await assert.rejects(put(trx, 'twice'))
      throw new Error('the connection is lost')
    })
    assert.equal(runs, 2)
    assert.deepEqual(await names(place.store), ['once'])
    const reading = sql`select pg_sleep(0.2)`.execute(distant.db)
    while ((await sleeping(place.store)) === 0) await sleep(5)
    way.cut()
    setTimeout(() => way.heal(), 100)
    await reading
  },
)

/** How many connections of this database sleep. */
async function sleeping(store: Store): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*) as n from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`.execute(
    store.db,
  )
  return found.rows[0]!.n
}

test('a database that falls silent is given up, and asked anew when it can be reached', postgres, async () => {
  await using place = await Place.open({ transactionLimitMs: 500 })
  const { distant, way } = place
  // Some connections to spare.
  await Promise.all(Array.from({ length: 4 }, () => sql`select pg_sleep(0.05)`.execute(distant.db)))
  const begun = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const committing = distant.transact(async (trx) => {
    await put(trx, 'a')
    begun.resolve()
    await held.promise
  })
  const asking = distant.transact(async (trx) => {
    await put(trx, 'b')
    await begun.promise
    way.hold()
    held.resolve()
    await put(trx, 'c')
  })
  await held.promise
  const reading = assert.rejects(distant.run(allSettings, {}), TransactionTimeout)
  const outcomes = await Promise.allSettled([committing, asking])
  const reasons = outcomes.map((one) => (one as PromiseRejectedResult).reason)
  for (const reason of reasons) assert.ok(reason instanceof TransactionTimeout, String(reason))
  assert.match(reasons[0].message, /whether a transaction was committed/)
  await reading
  // No connection is made either.
  const reads = await Promise.allSettled(Array.from({ length: 6 }, () => distant.run(allSettings, {})))
  for (const read of reads) assert.ok((read as PromiseRejectedResult).reason instanceof TransactionTimeout)
  way.release()
  // Again and again, as clients do: a loaded machine may need longer for one than these limits.
  const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await ask()
      } catch {
        await sleep(20)
      }
    }
  }
  assert.deepEqual(await patiently(() => names(distant)), [])
  await patiently(() => distant.transact((trx) => put(trx, 'd')))
  assert.deepEqual(await names(place.store), ['d'])
})

test(
  'a process that is gone without a word holds what it locked once, not with each of its connections',
  postgres,
  async () => {
    // Who waits gives up long before who holds it is taken for gone.
    await using place = await Place.open({ transactionLimitMs: 1000 })
    const { store, distant, way } = place
    const holding = await openStore({ database: place.address, transactionLimitMs: 4000, onWarning: () => {} })
    await store.transact((trx) => trx.insertInto('counter').values({ name: 'hot', value: 0 }).execute())
    const locked = Promise.withResolvers<void>()
    const held = holding.transact(async (trx) => {
      await raiseHot(trx)
      locked.resolve()
      await sleep(60_000, undefined, { ref: false })
    })
    await locked.promise
    const waiting = distant.transact(raiseHot)
    const gone = [assert.rejects(held), assert.rejects(waiting)]
    const others = async () => {
      const found = await sql<{ pid: number; state: string; waits: string | null }>`
        select pid, state, wait_event_type as waits from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and application_name = 'chappe'`.execute(
        store.db,
      )
      return found.rows
    }
    let now = await others()
    while (!now.some((row) => row.waits === 'Lock')) now = await others()
    const holder = now.find((row) => row.state === 'idle in transaction')!.pid
    way.hold()
    while (now.some((row) => row.pid === holder)) {
      await sleep(20)
      now = await others()
    }
    const after = now.filter((row) => row.waits === 'Lock' || row.state === 'idle in transaction')
    assert.deepEqual(after, [], 'who waited for it has given up before')
    await store.transact(raiseHot)
    await Promise.all(gone)
    way.release()
    await holding.close()
    const [row] = await store.db.selectFrom('counter').select('value').where('name', '=', 'hot').execute()
    assert.equal(row!.value, 1)
  },
)

test('a statement of too many values is refused, and its connection serves on', postgres, async () => {
  await using place = await Place.open()
  const { store } = place
  const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `n${i}`, value: '' }))
  const insert = (count: number) => store.transact((trx) => trx.insertInto('setting').values(rows(count)).execute())
  for (let i = 0; i < 6; i++) await assert.rejects(insert(35_000), RangeError)
  await insert(32_000)
  assert.equal((await names(store)).length, 32_000)
})

test('reads go on when a table gets a column while they are served', postgres, async () => {
  await using place = await Place.open()
  const { store, distant } = place
  await store.transact((trx) => put(trx, 'a'))
  const readAll = () => Promise.all(Array.from({ length: 8 }, () => distant.run(allSettings, {})))
  await readAll()
  await store.transact((trx) => sql`alter table setting add column more bigint not null default 1`.execute(trx))
  for (const [row] of await readAll()) assert.deepEqual(row, { name: 'a', value: '', more: 1 })
})

test('a migration may take longer than a transaction', postgres, async () => {
  await using database = await freshDatabase('postgres', { empty: true })
  const dir = await mkdtemp(join(tmpdir(), 'chappe-migrations-'))
  try {
    const kysely = import.meta.resolve('kysely')
    await writeFile(
      join(dir, '2026-01-01-slow.ts'),
      `import { sql } from '${kysely}'\nexport const up = (db) => sql\`select pg_sleep(1)\`.execute(db)\n`,
    )
    const migrations = pathToFileURL(`${dir}/`)
    const options = { database: database.address, migrations, transactionLimitMs: 500 }
    await using store = await openStore(options)
    const done = await (store.db as Kysely<any>).selectFrom('migration').select('name').execute()
    assert.deepEqual(done, [{ name: '2026-01-01-slow' }])
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
