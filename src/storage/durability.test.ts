import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { fdatasync, fstatSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openStore, query, type Store, StoreFailed } from './index.ts'
import type { Disk } from './store.ts'
import { openTestStore } from './test-store.ts'

// What was acknowledged is there, after kill -9 and after a power cut. CHAPPE_ROUNDS=200 makes it a longer trial.

const rounds = Number(process.env.CHAPPE_ROUNDS ?? 10)
const self = fileURLToPath(import.meta.url)

const put = query<{ name: string; value: string }>()((db, p) =>
  db.insertInto('setting').values({ name: p.name, value: p.value }),
)
const filler = 'x'.repeat(150)

/** Each transaction writes two rows, so that half of one would be noticed. */
async function write(store: Store, id: string): Promise<void> {
  await store.transact(async (trx) => {
    await store.run(put, { name: `${id}a`, value: filler }, trx)
    await store.run(put, { name: `${id}b`, value: filler }, trx)
  })
}

/** What a database file (with its log beside it) holds, as SQLite itself recovers it. */
function recover(file: string): Set<string> {
  const db = new DatabaseSync(file)
  try {
    assert.equal(db.prepare('pragma integrity_check').get()!.integrity_check, 'ok')
    const names = db.prepare("select name from setting where name glob 'w*'").all() as { name: string }[]
    const rows = new Set(names.map((row) => row.name))
    for (const name of rows) {
      assert.ok(rows.has(`${name.slice(0, -1)}a`) && rows.has(`${name.slice(0, -1)}b`), `half of ${name}`)
    }
    return rows
  } finally {
    db.close()
  }
}

const lost = (acknowledged: Iterable<string>, rows: Set<string>) =>
  [...acknowledged].filter((id) => !rows.has(`${id}a`))

/** Writes to a pipe that may be full. */
function tell(line: string): void {
  for (;;) {
    try {
      writeSync(1, line)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

if (process.argv[2] === 'write') {
  // The child: writes from many sides, says each id once it is acknowledged, checkpoints often, until it is killed.
  const store = await openStore({ database: process.argv[3]!, checkpointFrames: 40 })
  let next = 0
  const side = async () => {
    for (;;) {
      const id = `w${process.pid}.${next++}.`
      await write(store, id)
      tell(`${id}\n`)
    }
  }
  await Promise.all(Array.from({ length: 12 }, side))
}

if (process.argv[2] !== 'write') {
  test(`kill -9 at any moment loses nothing acknowledged (${rounds} rounds)`, {
    timeout: 60_000 + rounds * 3000,
  }, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'chappe-kill-'))
    const file = join(dir, 'test.sqlite')
    const acknowledged: string[] = []
    try {
      for (let round = 0; round < rounds; round++) {
        const before = acknowledged.length
        await writeUntilKilled(`sqlite:${file}`, Math.random() * 250, acknowledged)
        assert.ok(acknowledged.length > before, 'the writer wrote')
        assert.deepEqual(lost(acknowledged, recover(file)), [])
      }
    } finally {
      await rm(dir, { recursive: true })
    }
  })

  test('a disk that forgets what was not synced loses nothing acknowledged', async () => {
    const { cuts, losses, checkpoints } = await cutPower(false)
    assert.deepEqual(losses, [])
    assert.ok(cuts >= 20 && checkpoints >= 3, `${cuts} cuts, ${checkpoints} checkpoints`)
  })

  test('... and the trial notices a store that does not sync', async () => {
    const { losses } = await cutPower(true)
    assert.ok(losses.length > 0)
  })

  test('a sync that fails ends the store: nothing of it is acknowledged, and nothing after', async () => {
    let broken = false
    let failure: Error | undefined
    const disk: Disk = {
      syncLog: (fd, done) => (broken ? setImmediate(done, new Error('EIO: i/o error')) : fdatasync(fd, done)),
    }
    await using store = await openTestStore('sqlite', { disk, onFailure: (error) => (failure = error) })
    await write(store, 'w1.')
    broken = true
    const unsynced = write(store, 'w2.')
    const settled = (async () => {
      while (store.settled() === undefined) await new Promise(setImmediate)
      await store.settled()
    })()
    await assert.rejects(unsynced, StoreFailed)
    await assert.rejects(settled, StoreFailed)
    await assert.rejects(write(store, 'w3.'), StoreFailed)
    assert.ok(failure instanceof StoreFailed)
  })
}

async function writeUntilKilled(database: string, ms: number, acknowledged: string[]): Promise<void> {
  const child = spawn(process.execPath, [self, 'write', database], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), ms)
    said += text
  })
  const [code, signal] = await new Promise<unknown[]>((resolve) => child.on('close', (...how) => resolve(how)))
  assert.equal(signal, 'SIGKILL', `the writer ended by itself, with ${code}`)
  const lines = said.split('\n')
  lines.pop() // cut short by the kill, or empty
  acknowledged.push(...lines)
}

/**
 * Writes while keeping what a disk would hold if it kept nothing but what was synced: of the log, what was there when
 * the last sync of ours that ended began; of both files, what they were at the last complete checkpoint, or when the log
 * was seen to have begun again (SQLite syncs them by itself there, see sqlite.ts; it begins the log again whenever a
 * writer finds that a checkpoint has copied all of it). Cuts the power again and again: recovers from that, and from it with
 * some unsynced blocks of the log that did reach the disk, in no order.
 */
async function cutPower(lying: boolean) {
  const kept: { db: Buffer; log: Buffer } = { db: Buffer.alloc(0), log: Buffer.alloc(0) }
  let files: { db: number; log: number } | undefined
  let checkpoints = 0
  /** What the disk is known to hold when the log has begun again: SQLite has synced the database, and the new header. */
  const begunAgain = () => {
    const now = content(files!.log)
    if (now.subarray(16, 24).equals(kept.log.subarray(16, 24))) return
    Object.assign(kept, { db: content(files!.db), log: now.subarray(0, 32) })
  }
  const disk: Disk = {
    syncLog(fd, done) {
      if (files && !lying) begunAgain()
      const log = files && content(files.log)
      const since = checkpoints
      fdatasync(fd, (error) => {
        // A checkpoint that ended meanwhile synced more than this.
        if (log && since === checkpoints && !lying) kept.log = log
        done(error)
      })
    },
    checkpointed() {
      checkpoints++
      Object.assign(kept, { db: content(files!.db), log: content(files!.log) })
    },
  }
  const dir = await mkdtemp(join(tmpdir(), 'chappe-cut-'))
  await using store = await openTestStore('sqlite', { disk, checkpointFrames: 60 })
  const file = store.address.slice('sqlite:'.length)
  files = { db: openSync(file, 'r'), log: openSync(`${file}-wal`, 'r') } // not closed: see the note in sqlite.ts
  Object.assign(kept, { db: content(files.db), log: content(files.log) })

  const acknowledged: string[] = []
  const losses: string[] = []
  let cuts = 0
  const cut = () => {
    if (!lying) begunAgain()
    for (const log of [kept.log, someBlocks(kept.log, content(files.log))]) {
      const copy = join(dir, `cut${cuts++}.sqlite`)
      writeFileSync(copy, kept.db)
      writeFileSync(`${copy}-wal`, log)
      losses.push(...lost(acknowledged, recover(copy)))
    }
  }
  let written = 0
  const side = async () => {
    while (written < 3000 && losses.length === 0) {
      const id = `w${written++}.`
      await write(store, id)
      acknowledged.push(id)
      if (acknowledged.length % 150 === 0) cut()
    }
  }
  await Promise.all(Array.from({ length: 12 }, side))
  await rm(dir, { recursive: true })
  return { cuts, losses, checkpoints }
}

function content(fd: number): Buffer {
  const bytes = Buffer.alloc(fstatSync(fd).size)
  let read = 0
  while (read < bytes.length) {
    const n = readSync(fd, bytes, read, bytes.length - read, read)
    if (n === 0) break
    read += n
  }
  return bytes.subarray(0, read)
}

/** The synced log with any of the blocks that were written since. SQLite synced the header before what follows it. */
function someBlocks(synced: Buffer, now: Buffer): Buffer {
  const mixed = Buffer.from(now)
  for (let at = 512; at < now.length; at += 512) {
    if (Math.random() < 0.5) {
      const old = synced.subarray(at, at + 512)
      mixed.fill(0, at, Math.min(at + 512, now.length))
      old.copy(mixed, at)
    }
  }
  return mixed
}
