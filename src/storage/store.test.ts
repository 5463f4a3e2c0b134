import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { nextId, query, type Store, StoreFailed, TransactionTimeout, type Trx } from './index.ts'
import { DIALECTS, openTestStore } from './test-store.ts'

const setSetting = query<{ name: string; value: string }>()((db, p) =>
  db
    .insertInto('setting')
    .values({ name: p.name, value: p.value })
    .onConflict((c) => c.column('name').doUpdateSet({ value: p.value })),
)
const settingsIn = query<{ names: string[] }>()((db, p, d) =>
  db.selectFrom('setting').selectAll().where('name', 'in', d.eachText(p.names)).orderBy('name'),
)
const takeScratch = query<{ owner: number; ids: number[] }>()((db: Kysely<any>, p, d) =>
  db
    .deleteFrom('scratch')
    .where('owner', '=', p.owner)
    .where('pos', 'in', d.each(p.ids))
    .returning(['pos', 'data'])
    .$castTo<{ pos: number; data: Uint8Array | null }>(),
)

const names = async (store: Store) =>
  (await store.db.selectFrom('setting').select('name').orderBy('name').execute()).map((row) => row.name)

const set = (store: Store, trx: Trx, name: string, value = '') => store.run(setSetting, { name, value }, trx)

/** A table of the test's own, so that it says nothing about the features' ones. */
async function addScratch(store: Store): Promise<Kysely<any>> {
  await store.transact((trx) =>
    store.d
      .createTable(trx, 'scratch', { clustered: true })
      .addColumn('owner', store.d.id, (c) => c.notNull())
      .addColumn('pos', store.d.int, (c) => c.notNull())
      .addColumn('data', store.d.blob)
      .addColumn('ratio', store.d.double)
      .addPrimaryKeyConstraint('scratch_pk', ['owner', 'pos'])
      .execute(),
  )
  return store.db
}

const scratch = (owner: number, pos: number, data: Uint8Array | null = null) => ({ owner, pos, data, ratio: 0.5 })

for (const dialect of DIALECTS) {
  test(`${dialect}: a transaction is seen when it is over, not before`, async () => {
    await using store = await openTestStore(dialect)
    const value = await store.transact(async (trx) => {
      await set(store, trx, 'a')
      assert.deepEqual(await names(store), [])
      assert.equal((await trx.selectFrom('setting').selectAll().execute()).length, 1)
      return 42
    })
    assert.equal(value, 42)
    assert.deepEqual(await names(store), ['a'])
  })

  test(`${dialect}: a transaction that throws takes nothing of the others with it`, async () => {
    await using store = await openTestStore(dialect)
    const results = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((name) =>
        store.transact(async (trx) => {
          await set(store, trx, name)
          if (name === 'b') throw new Error('no b')
          if (name === 'c') {
            await trx.insertInto('setting').values({ name: 'c', value: 'again' }).execute()
          }
        }),
      ),
    )
    assert.deepEqual(
      results.map((r) => r.status),
      ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
    )
    assert.match(String((results[1] as PromiseRejectedResult).reason), /no b/)
    assert.ok(store.d.isUniqueViolation((results[2] as PromiseRejectedResult).reason))
    assert.deepEqual(await names(store), ['a', 'd'])
  })

  test(`${dialect}: what somebody else adds between a look and an insert is found`, async () => {
    await using store = await openTestStore(dialect)
    const added = await Promise.all(
      Array.from({ length: 6 }, () =>
        store.transact(async (trx) => {
          const there = await trx.selectFrom('setting').select('name').where('name', '=', 'once').execute()
          if (there.length > 0) return 0
          await trx.insertInto('setting').values({ name: 'once', value: '' }).execute()
          return 1
        }),
      ),
    )
    assert.deepEqual(added.sort(), [0, 0, 0, 0, 0, 1])
  })

  test(`${dialect}: rows have the same shapes`, async () => {
    await using store = await openTestStore(dialect)
    const big = 2 ** 53 - 1
    const data = new Uint8Array([0, 1, 255])
    const db = await addScratch(store)
    await store.transact(async (trx: Kysely<any>) => {
      await trx
        .insertInto('scratch')
        .values(scratch(big, 1, data))
        .execute()
      await trx
        .insertInto('scratch')
        .values(scratch(-big, 2, Buffer.alloc(0)))
        .execute()
    })
    const rows = await db.selectFrom('scratch').selectAll().orderBy('owner').execute()
    assert.deepEqual(rows, [scratch(-big, 2, new Uint8Array(0)), scratch(big, 1, data)])
    const [sums] = await db
      .selectFrom('scratch')
      .select((eb) => [eb.fn.sum('pos').as('sum'), eb.fn.countAll().as('count'), eb.fn.max('owner').as('max')])
      .execute()
    assert.deepEqual(sums, { sum: 3, count: 2, max: big })
    const updated = await store.transact((trx: Kysely<any>) => trx.updateTable('scratch').set({ ratio: 7 }).execute())
    assert.equal(updated[0]!.numUpdatedRows, 2n)
  })

  test(`${dialect}: prepared queries bind by name, lists too`, async () => {
    await using store = await openTestStore(dialect)
    await addScratch(store)
    await store.transact(async (trx) => {
      assert.deepEqual(await set(store, trx, 'a', '1'), [{ changes: 1 }])
      await set(store, trx, 'a', '2')
      await set(store, trx, 'b\0', 'nul\0')
      for (const pos of [1, 2, 3]) {
        await (trx as Kysely<any>).insertInto('scratch').values(scratch(5, pos)).execute()
      }
    })
    const rows = await store.run(settingsIn, { names: ['b', 'a', 'x'] })
    assert.deepEqual(rows, [
      { name: 'a', value: '2' },
      { name: 'b', value: 'nul' },
    ])
    const taken = await store.transact((trx) => store.run(takeScratch, { owner: 5, ids: [3, 1, 9] }, trx))
    assert.deepEqual(taken.map((row) => row.pos).sort(), [1, 3])
    await assert.rejects(store.run(settingsIn, {} as { names: string[] }), /parameter names is missing/)
  })

  test(`${dialect}: sequences have no holes, and serve many at once`, async () => {
    await using store = await openTestStore(dialect)
    assert.equal(await store.transact((trx) => nextId(trx, 'x')), 1)
    assert.equal(await store.transact((trx) => nextId(trx, 'x', 10)), 2)
    await assert.rejects(
      store.transact(async (trx) => {
        await nextId(trx, 'x', 100)
        throw new Error('undone')
      }),
    )
    const ids = await Promise.all(Array.from({ length: 50 }, () => store.transact((trx) => nextId(trx, 'x'))))
    assert.deepEqual(
      ids.sort((a, b) => a - b),
      Array.from({ length: 50 }, (_, i) => 12 + i),
    )
  })

  test(`${dialect}: db only reads`, async () => {
    await using store = await openTestStore(dialect)
    await assert.rejects(store.db.insertInto('setting').values({ name: 'a', value: '' }).execute(), /read-?only/)
    await assert.rejects(store.run(setSetting, { name: 'a', value: '' }), /read-?only/)
    assert.deepEqual(await names(store), [])
  })

  test(`${dialect}: a transaction that awaits something else is undone, loudly, and holds nobody for long`, async () => {
    const warnings: Error[] = []
    await using store = await openTestStore(dialect, { transactionLimitMs: 1000, onWarning: (e) => warnings.push(e) })
    const { promise: late, resolve } = Promise.withResolvers<unknown>()
    const stuck = store.transact(async (trx) => {
      await set(store, trx, 'stuck')
      await assert.rejects(stuck, TransactionTimeout)
      resolve(await set(store, trx, 'late').catch((error: unknown) => error))
    })
    const other = store.transact((trx) => set(store, trx, 'other'))
    await assert.rejects(stuck, TransactionTimeout)
    await other
    assert.equal(warnings.length, 1)
    assert.deepEqual(await names(store), ['other'])
    assert.ok((await late) instanceof TransactionTimeout)
    assert.deepEqual(await names(store), ['other'])
  })

  test(`${dialect}: a query after the end of its transaction fails`, async () => {
    await using store = await openTestStore(dialect)
    let kept: Trx | undefined
    await store.transact(async (trx) => {
      kept = trx
    })
    await assert.rejects(set(store, kept!, 'a'), /over/)
    await assert.rejects(kept!.selectFrom('setting').selectAll().execute(), /over/)
  })

  test(`${dialect}: what is committed is settled once its promise resolves`, async () => {
    await using store = await openTestStore(dialect)
    await Promise.all(Array.from({ length: 100 }, (_, i) => store.transact((trx) => set(store, trx, `k${i}`))))
    await store.settled()
    assert.equal(store.settled(), undefined)
    assert.equal((await names(store)).length, 100)
  })

  test(`${dialect}: text compares by its bytes and LIKE minds the case`, async () => {
    await using store = await openTestStore(dialect)
    await store.transact(async (trx) => {
      for (const name of ['b', 'A', 'a', 'é', 'Ab', '_']) await set(store, trx, name)
    })
    assert.deepEqual(await names(store), ['A', 'Ab', '_', 'a', 'b', 'é'])
    const like = await store.db.selectFrom('setting').select('name').where('name', 'like', 'a%').execute()
    assert.deepEqual(like, [{ name: 'a' }])
  })

  test(`${dialect}: greatest and least`, async () => {
    await using store = await openTestStore(dialect)
    await store.transact(async (trx) => {
      await trx.insertInto('counter').values({ name: 'a', value: 5 }).execute()
      const raise = (to: number) =>
        trx
          .updateTable('counter')
          .set({ value: store.d.greatest(sql.ref('value'), to) })
          .execute()
      await raise(3)
      await raise(9)
    })
    assert.deepEqual(await store.db.selectFrom('counter').select('value').execute(), [{ value: 9 }])
  })

  test(`${dialect}: closing waits for what is under way and refuses what comes after`, async () => {
    await using store = await openTestStore(dialect)
    const running = store.transact((trx) => set(store, trx, 'a'))
    const closing = store.close()
    await running
    await closing
    await assert.rejects(
      store.transact((trx) => set(store, trx, 'b')),
      StoreFailed,
    )
  })
}

test('postgres: deadlocks run again', { skip: !DIALECTS.includes('postgres') }, async () => {
  await using store = await openTestStore('postgres')
  await store.transact(async (trx) => {
    for (const name of ['a', 'b']) await trx.insertInto('counter').values({ name, value: 0 }).execute()
  })
  const add = (trx: Trx, name: string) =>
    trx
      .updateTable('counter')
      .set((eb) => ({ value: eb('value', '+', 1) }))
      .where('name', '=', name)
      .execute()
  let runs = 0
  let holding = 0
  const { promise: bothHold, resolve } = Promise.withResolvers<void>()
  const bothOrders = [
    ['a', 'b'],
    ['b', 'a'],
  ].map((order) =>
    store.transact(async (trx) => {
      runs++
      await add(trx, order[0]!)
      if (++holding === 2) resolve()
      await bothHold
      await add(trx, order[1]!)
    }),
  )
  await Promise.all(bothOrders)
  assert.ok(runs > 2)
  const rows = await store.db.selectFrom('counter').select('value').execute()
  assert.deepEqual(rows, [{ value: 2 }, { value: 2 }])
})

test('postgres: a commit is on disk before it answers', { skip: !DIALECTS.includes('postgres') }, async () => {
  await using store = await openTestStore('postgres')
  const shown = async (on: Trx, name: string) =>
    Object.values((await sql<Record<string, string>>`show ${sql.raw(name)}`.execute(on)).rows[0]!)[0]
  await store.transact(async (trx) => {
    assert.equal(await shown(trx, 'synchronous_commit'), 'on')
    assert.equal(await shown(trx, 'transaction_isolation'), 'read committed')
    assert.equal(await shown(trx, 'transaction_read_only'), 'off')
  })
  assert.equal(await shown(store.db, 'transaction_read_only'), 'on')
})
