import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { backup, restore } from './backup.ts'
import { openBlobs } from './blobs.ts'
import { openStore, query, type Store } from './index.ts'
import { DIALECTS, freshDatabase, openTestStore } from './test-store.ts'

const put = query<{ name: string; value: string }>()((db, p) =>
  db.insertInto('setting').values({ name: p.name, value: p.value }),
)
const write = (store: Store, n: number) =>
  store.transact(async (trx) => {
    await store.run(put, { name: `${n}a`, value: 'x' }, trx)
    await store.run(put, { name: `${n}b`, value: 'x' }, trx)
  })

const names = async (store: Store) =>
  (await store.db.selectFrom('setting').select('name').execute()).map((row) => row.name).sort()

async function* bytes(text: string) {
  yield Buffer.from(text)
}

function missing(program: string): boolean {
  try {
    execFileSync(program, ['--version'])
    return false
  } catch {
    return true
  }
}

for (const dialect of DIALECTS) {
  const skip = dialect === 'postgres' && missing('pg_dump')
  test(`${dialect}: a backup of a serving store comes back whole`, { skip }, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'chappe-backup-'))
    try {
      await using store = await openTestStore(dialect)
      const blobs = await openBlobs(join(dir, 'blobs'))
      await blobs.put('ab/one', bytes('one'))
      await blobs.put('cd/two', bytes('two'))
      for (let n = 0; n < 50; n++) await write(store, n)

      let n = 50
      let done = false
      const writer = (async () => {
        while (!done) await write(store, n++)
      })()
      await backup(store, blobs, join(dir, 'copy'), {
        now: 1_800_000_000,
        async also(directory) {
          void blobs.delete('ab/one') // held back until the copy is made
          await writeFile(join(directory, 'keys'), 'keys')
        },
      })
      done = true
      await writer
      assert.deepEqual((await readdir(dir)).sort(), ['blobs', 'copy'])
      assert.equal((await stat(join(dir, 'copy', 'blobs', 'cd', 'two'))).nlink, 2, 'hard-linked')

      await using target = await freshDatabase(dialect, { empty: true })
      await restore(join(dir, 'copy'), { database: target.address, blobs: join(dir, 'restored') })
      await using restored = await openStore({ database: target.address })
      const rows = await names(restored)
      assert.ok(rows.length >= 100 && rows.length % 2 === 0)
      const all = new Set(await names(store))
      for (const name of rows) assert.ok(all.has(name) && rows.includes(`${parseInt(name, 10)}a`))
      const back = await openBlobs(join(dir, 'restored'))
      assert.equal((await back.get('ab/one', 0, 10)).toString(), 'one')
      assert.equal((await back.get('cd/two', 0, 10)).toString(), 'two')
      await restored.transact((trx) => restored.run(put, { name: 'after', value: 'x' }, trx))

      const to = { database: target.address, blobs: join(dir, 'third') }
      await assert.rejects(restore(join(dir, 'copy'), to), /exists already|not empty/)
      await assert.rejects(restore(join(dir, 'copy'), { ...to, blobs: join(dir, 'restored') }), /blobs/)
      await assert.rejects(restore(join(dir, 'nowhere'), to), /no backup/)
      await assert.rejects(backup(store, blobs, join(dir, 'copy')), /exists already/)
    } finally {
      await rm(dir, { recursive: true })
    }
  })
}
