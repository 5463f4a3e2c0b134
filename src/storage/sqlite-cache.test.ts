import assert from 'node:assert/strict'
import { test } from 'node:test'
import { query, type Store, type Trx } from './index.ts'
import { openTestStore } from './test-store.ts'

const byId = query<{ id: number }>({ table: 'user', byId: true })((db, p) =>
  db.selectFrom('user').select(['id', 'first_name']).where('id', '=', p.id),
)
const blocked = query<{ owner: number }>({ table: 'block' })((db, p) =>
  db.selectFrom('block').select('peer').where('owner', '=', p.owner).orderBy('peer'),
)

const name = async (store: Store, id: number, on?: Trx) => (await store.run(byId, { id }, on))[0]?.first_name
const block = (trx: Trx, owner: number, peer: number) =>
  trx.insertInto('block').values({ owner, peer, date: 0, stories: 0 }).execute()
const rename = (trx: Trx, id: number, first_name: string) =>
  trx.updateTable('user').set({ first_name }).where('id', '=', id).execute()

async function twoUsers(): Promise<Store> {
  const store = await openTestStore('sqlite')
  await store.transact((trx) =>
    trx
      .insertInto('user')
      .values([1, 2].map((id) => ({ id, first_name: `user ${id}`, created_at: 0 })))
      .execute(),
  )
  return store
}

test('what is kept of a query is what its table holds', async () => {
  await using store = await twoUsers()
  assert.equal(await name(store, 1), 'user 1')
  assert.equal(await name(store, 2), 'user 2')
  assert.equal(await name(store, 3), undefined)
  const rows = await store.run(byId, { id: 1 })
  assert.equal(await store.run(byId, { id: 1 }), rows, 'kept')
  assert.throws(() => Object.assign(rows[0]!, { first_name: 'spoilt' }))

  const seen: unknown[] = []
  await store.transact(async (trx) => {
    await rename(trx, 1, 'renamed')
    seen.push(await name(store, 1, trx), await name(store, 1), await name(store, 2, trx))
  })
  assert.deepEqual(seen, ['renamed', 'user 1', 'user 2'])
  assert.equal(await name(store, 1), 'renamed')

  await store.transact((trx) => trx.updateTable('user').set({ first_name: 'all' }).execute())
  assert.deepEqual([await name(store, 1), await name(store, 2)], ['all', 'all'])
  await store.transact((trx) => trx.deleteFrom('user').where('id', '=', 2).execute())
  assert.equal(await name(store, 2), undefined)
})

test('what is undone is not kept, nor what was read meanwhile', async () => {
  await using store = await twoUsers()
  await assert.rejects(
    store.transact(async (trx) => {
      await rename(trx, 1, 'undone')
      assert.equal(await name(store, 1, trx), 'undone')
      throw new Error('undone')
    }),
  )
  assert.equal(await name(store, 1), 'user 1')

  // One that fails after it wrote has the others of its commit run again.
  const [, failed] = await Promise.allSettled([
    store.transact(async (trx) => {
      await block(trx, 1, 5)
      assert.deepEqual(await store.run(blocked, { owner: 1 }, trx), [{ peer: 5 }])
      assert.deepEqual(await store.run(blocked, { owner: 1 }), [])
    }),
    store.transact(async (trx) => {
      await block(trx, 1, 6)
      throw new Error('undone')
    }),
  ])
  assert.equal(failed!.status, 'rejected')
  assert.deepEqual(await store.run(blocked, { owner: 1 }), [{ peer: 5 }])
})
