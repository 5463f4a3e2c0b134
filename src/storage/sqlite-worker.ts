import { closeSync, fsyncSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { Answered, Asked } from './sqlite-thread.ts'

// The slow work on the database file, off the main thread: see sqlite.ts for why it is safe.

const port = parentPort!
const db = new DatabaseSync(workerData.path, { timeout: 5000 })
db.exec(`
  pragma journal_mode = wal;
  pragma synchronous = normal;
  pragma checkpoint_fullfsync = on;
  pragma wal_autocheckpoint = 0;
  pragma journal_size_limit = ${128 * 1024 * 1024};
`)

function perform({ what, file }: Asked): boolean {
  switch (what) {
    case 'checkpoint': {
      // PASSIVE waits for nobody. `busy` is 1 when another process checkpoints.
      const row = db.prepare('pragma wal_checkpoint(passive)').get() as Record<'busy' | 'log' | 'checkpointed', number>
      return row.busy === 0 && row.log === row.checkpointed
    }
    case 'restart': {
      // Any write begins the log again. This one counts how often, in the header of page 1, which nothing else uses.
      const row = db.prepare('pragma user_version').get() as { user_version: number }
      db.exec(`pragma user_version = ${(row.user_version + 1) % 0x7fffffff}`)
      return true
    }
    case 'backup': {
      // One read transaction on this thread: a consistent copy, while others read and write.
      db.prepare('vacuum into ?').run(file!)
      for (const path of [file!, dirname(file!)]) {
        const fd = openSync(path, 'r')
        fsyncSync(fd)
        closeSync(fd)
      }
      return true
    }
  }
}

port.on('message', (asked: Asked | null) => {
  if (asked === null) {
    db.close()
    port.close()
    return
  }
  let answer: Answered
  try {
    answer = { id: asked.id, done: perform(asked) }
  } catch (error) {
    answer = { id: asked.id, error: `${asked.what}: ${(error as Error).message}` }
  }
  port.postMessage(answer)
})
