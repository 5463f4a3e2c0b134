import { fsync } from 'node:fs'
import { resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SqliteConnection } from './sqlite-connection.ts'
import { SqliteThread } from './sqlite-thread.ts'
import type { Disk } from './store.ts'

/**
 * The log is copied into the database file when it has so many frames, 100 MB. A page that changes often is copied once
 * for all its frames, and fewer of those who write meet a checkpoint, which has the disk sync much at once: of 500
 * messages a second one in a hundred instead of one in eight. More would take longer to read after a power cut.
 */
const FRAMES = 24_000

export interface CheckpointOptions {
  path: string
  /** The database file. */
  file: number
  reader: SqliteConnection
  writer: SqliteConnection
  disk: Disk
  frames: number | undefined
  warn(error: Error): void
}

/** Passes while writers go on, at most, and pages that may be left for the one that they wait for. */
const PASSES = 4
const LITTLE = 64

/** Copies the write-ahead log into the database file, on another thread; and backups, which keep it from beginning again. */
export class Checkpoints {
  /** While set, no group begins: a checkpoint finishes the log. */
  pause: Promise<void> | undefined
  readonly #options: CheckpointOptions
  readonly #frames: number
  readonly #thread: SqliteThread
  #running: Promise<void> | undefined
  #backups = 0

  constructor(options: CheckpointOptions) {
    this.#options = options
    this.#frames = options.frames ?? FRAMES
    this.#thread = new SqliteThread(options.path)
  }

  /** Begins a checkpoint when the log has grown long. */
  look(): void {
    if (this.#running !== undefined) return
    if (this.#log().log >= this.#frames) this.run().catch((error) => this.#options.warn(error))
  }

  /** How long the log is, and how much of it is copied, in pages. */
  #log(): { log: number; checkpointed: number } {
    const noop = 'pragma wal_checkpoint(noop)'
    return this.#options.reader.execute<{ log: number; checkpointed: number }>(noop, []).rows[0]!
  }

  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /**
   * Passes on the other thread. The first, while writers go on, copies most of the log, and syncs the database file; the
   * next what came meanwhile, till that is little. Then writers wait (the event loop does not) for the last, which copies
   * the rest: only a log that is wholly copied can begin again, and under steady writing it never would be. The other thread also makes the first
   * write into the new log, since that one syncs the header, which would stop the main thread.
   *
   * @NOTE While a backup reads, the log cannot begin again and grows; its pages are copied as far as they may be.
   */
  async #run(): Promise<void> {
    const { disk, file, writer } = this.#options
    for (let pass = 0; pass < PASSES; pass++) {
      await this.#thread.call('checkpoint')
      await new Promise<void>((resolve, reject) => fsync(file, (error) => (error ? reject(error) : resolve())))
      if (this.#backups > 0) return
      const { log, checkpointed } = this.#log()
      if (log - checkpointed <= LITTLE) break
    }
    const pause = Promise.withResolvers<void>()
    this.pause = pause.promise
    try {
      // @NOTE The store's work ends only when its queue is empty; what must have ended is the group under way.
      while (writer.db.isTransaction) await nextTurn()
      if (await this.#thread.call('checkpoint')) {
        disk.checkpointed?.()
        await this.#thread.call('restart')
      }
    } finally {
      this.pause = undefined
      pause.resolve()
    }
  }

  async backup(toFile: string): Promise<void> {
    this.#backups++
    const thread = new SqliteThread(this.#options.path)
    try {
      await thread.call('backup', resolve(toFile))
    } finally {
      this.#backups--
      await thread.close()
    }
  }

  /** Waits for the checkpoint under way. */
  async settled(): Promise<void> {
    await this.#running?.catch(() => {})
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}
