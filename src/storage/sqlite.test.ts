import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { openStore, query, type Store } from './index.ts'
import { freshDatabase, openTestStore } from './test-store.ts'

const put = query<{ name: string; value: string }>()((db, p) =>
  db
    .insertInto('setting')
    .values({ name: p.name, value: p.value })
    .onConflict((c) => c.column('name').doUpdateSet({ value: p.value })),
)
const write = (store: Store, name: string, value = 'x'.repeat(500)) =>
  store.transact((trx) => store.run(put, { name, value }, trx))

const fileOf = (store: { address: string }) => store.address.slice('sqlite:'.length)

test('sqlite: transactions that come together share a commit', async () => {
  let syncs = 0
  const disk = {
    syncLog(_: number, done: (error: null) => void) {
      syncs++
      setTimeout(done, 20, null)
    },
  }
  await using store = await openTestStore('sqlite', { disk })
  const before = syncs
  const order: number[] = []
  await Promise.all(Array.from({ length: 100 }, async (_, i) => order.push(await write(store, `${i}`).then(() => i))))
  assert.ok(syncs - before <= 2, `${syncs - before} syncs`)
  assert.deepEqual(
    order,
    Array.from({ length: 100 }, (_, i) => i),
    'answered in the order of commits',
  )
})

test('sqlite: what is committed but not on disk yet is seen, and said to be unsettled', async () => {
  const held: (() => void)[] = []
  let hold = false
  const disk = {
    syncLog(_: number, done: (error: null) => void) {
      if (hold) held.push(() => done(null))
      else setImmediate(done, null)
    },
  }
  await using store = await openTestStore('sqlite', { disk })
  hold = true
  let acknowledged = false
  const writing = write(store, 'a').then(() => {
    acknowledged = true
  })
  while (store.settled() === undefined) await new Promise(setImmediate)
  assert.equal((await store.db.selectFrom('setting').select('name').execute()).length, 1)
  // One that only reads answers with what it saw, so it waits too.
  let read = false
  const reading = store
    .transact((trx) => trx.selectFrom('setting').selectAll().execute())
    .then(() => {
      read = true
    })
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual([acknowledged, read], [false, false])
  const settled = store.settled()
  hold = false
  held.pop()!()
  await Promise.all([writing, reading, settled])
  assert.equal(store.settled(), undefined)
})

test('sqlite: the log stays short under steady writing, and the event loop turns', async () => {
  await using store = await openTestStore('sqlite', { durable: true, checkpointFrames: 100 })
  let turns = 0
  let n = 0
  const turn = setInterval(() => turns++, 1)
  const side = async () => {
    while (n < 6000) await write(store, `${n++ % 500}`)
  }
  await Promise.all(Array.from({ length: 32 }, side))
  clearInterval(turn)
  const frames = statSync(`${fileOf(store)}-wal`).size / 4120
  assert.ok(frames < 4000, `${frames} frames of some 12000 written`)
  assert.ok(turns > 20, `${turns} turns`)
  await store.checkpoint()
  const [row] = await store.db
    .selectFrom('setting')
    .select((eb) => eb.fn.countAll().as('count'))
    .execute()
  assert.equal(row!.count, 500)
})

test('sqlite: another process writes in between', async () => {
  await using store = await openTestStore('sqlite')
  const other = `
    const { DatabaseSync } = require('node:sqlite')
    const db = new DatabaseSync(${JSON.stringify(fileOf(store))}, { timeout: 5000 })
    db.exec("begin immediate; insert into setting values ('theirs', '')")
    setTimeout(() => { db.exec('commit'); db.close() }, 300)`
  const child = promisify(execFile)(process.execPath, ['-e', other])
  let n = 0
  let theirs = false
  while (!theirs) {
    await write(store, `${n++}`)
    theirs = (await store.db.selectFrom('setting').select('name').where('name', '=', 'theirs').execute()).length > 0
  }
  await child
  await write(store, 'last')
})

test('sqlite: a file is opened once, and a wrong one is refused in one line', async () => {
  await using store = await openTestStore('sqlite')
  await assert.rejects(openStore({ database: store.address }), /open already/)
  await using database = await freshDatabase('sqlite', { empty: true })
  writeFileSync(database.address.slice('sqlite:'.length), 'no database '.repeat(1000))
  await assert.rejects(openStore({ database: database.address }), /cannot open .*: file is not a database/)
  await assert.rejects(openStore({ database: 'sqlite:' }), /file/)
  await assert.rejects(openStore({ database: 'sqlite::memory:' }), /file/)
  await assert.rejects(openStore({ database: 'mysql://user:secret@host/x' }), (error: Error) => {
    assert.match(error.message, /sqlite:FILE/)
    assert.doesNotMatch(error.message, /secret/)
    return true
  })
  await assert.rejects(openStore({ database: 'sqlite:/dev/null/x' }), /cannot open/)
})

test('sqlite: other users of the machine cannot read the files', async () => {
  await using database = await freshDatabase('sqlite', { empty: true })
  await using store = await openStore({ database: database.address })
  await write(store, 'a')
  for (const end of ['', '-wal', '-shm']) {
    assert.equal(statSync(database.address.slice('sqlite:'.length) + end).mode & 0o077, 0)
  }
})

test('migrations run once, in order of name, each whole or not at all', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'chappe-migrations-'))
  const migrations = pathToFileURL(`${dir}/`)
  const add = (name: string, body: string) =>
    writeFile(join(dir, name), `export async function up(db, d) { ${body} }\n`)
  const table = (name: string) => `await d.createTable(db, '${name}').addColumn('x', d.int).execute()`
  try {
    await using database = await freshDatabase('sqlite', { empty: true })
    const open = (migrate = true) => openStore({ database: database.address, migrations, migrate })
    const applied = async (store: Store) => {
      const rows = await (store.db as any).selectFrom('migration').select('name').orderBy('name').execute()
      await store.close()
      return rows.map((row: { name: string }) => row.name)
    }
    await add('2026-01-02-second.ts', `await db.schema.alterTable('first').addColumn('y', d.int).execute()`)
    await add('2026-01-01-first.ts', table('first'))
    await writeFile(join(dir, 'notes.txt'), '')
    assert.deepEqual(await applied(await open()), ['2026-01-01-first', '2026-01-02-second'])
    await add('2026-01-03-broken.ts', `${table('third')}; throw new Error('no')`)
    await assert.rejects(open(), /no/)
    await add('2026-01-04-fourth.ts', table('third'))
    await assert.rejects(open(false), /lacks 2026-01-03-broken, 2026-01-04-fourth/)
    await rm(join(dir, '2026-01-03-broken.ts'))
    assert.equal((await applied(await open())).length, 3, 'the broken one left no table behind')
    await rm(join(dir, '2026-01-04-fourth.ts'))
    await assert.rejects(open(), /newer version/)
  } finally {
    await rm(dir, { recursive: true })
  }
})
