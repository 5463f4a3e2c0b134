import { closeSync, constants, fdatasyncSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { sqliteDialect } from './dialect.ts'
import { migrate, readMigrations } from './migrate.ts'
import { type CacheRule, type Changes, connectionOf, kyselyOn, prepare, type Query, run, write } from './query.ts'
import { AnswerCache } from './sqlite-cache.ts'
import { Checkpoints } from './sqlite-checkpoint.ts'
import { SqliteConnection, SqliteHandle } from './sqlite-connection.ts'
import { type Ended, LogSync, realDisk } from './sqlite-sync.ts'
import { type Store, StoreFailed, type StoreOptions, TransactionTimeout, type Trx } from './store.ts'
import type { Tables } from './tables/index.ts'

/*
 * Why what was acknowledged survives a power cut.
 *
 * A commit appends its pages to the write-ahead log (WAL); with synchronous=NORMAL SQLite does not sync it there. We do:
 * after each COMMIT the WAL is fdatasync'ed on another thread, and only when a sync that began after the COMMIT has
 * ended do its transactions resolve. fdatasync covers the file, whoever wrote it and through whichever descriptor, and
 * the length it grew to. Frames carry checksums and count up to the last commit frame, so a cut in the middle of a
 * commit leaves the one before.
 *
 * A checkpoint copies the WAL's pages into the database file and lets the WAL begin again at its start. It may do that
 * while a sync of ours is under way, and it is still safe, because in NORMAL SQLite itself (1) syncs the WAL before it
 * copies a page of it, (2) syncs the database file before it declares the log wholly copied, and only then may a
 * writer begin it again, (3) syncs the new header, with its new salt, before any frame of the new log is written.
 * So a commit that waits for its sync is in the old log, synced by (1), or in the database file, synced by (2); and a
 * new frame never sits behind an old header, where recovery would take older frames for newer.
 *
 * What was never acknowledged may have survived a kill in the page cache and be visible on the next start; opening
 * syncs everything once, before it can be read and believed.
 *
 * Measured against the other way, a writer thread with synchronous=FULL, on two cores and a disk whose fdatasync takes
 * 0.2 ms: a round trip between threads for each query allows 13,000 transactions of two rows a second, in groups of 64;
 * this, 28,000 to 47,000 (bench/storage.ts). FULL on the main thread is as fast, but stops it at each commit for as
 * long as the disk takes, here 0.2 ms and now and then 20.
 *
 * If the sync fails, nothing is known about what is on disk (the kernel may have dropped the dirty pages, and a second
 * fsync would succeed). The store then fails for good; a restart reads what is really there.
 */

/** A group ends at this many transactions or this long, so that the event loop and the first in it wait little. */
const GROUP_TRANSACTIONS = 128
const GROUP_MS = 8
/** So many that wait make a group of their own while the log of the one before is being synced; fewer wait for that. */
const FULL_GROUP = 64
/** How often the length of the WAL is looked at, in commits. */
const LOOK_EVERY = 16

interface Job {
  fn(trx: Trx): Promise<unknown>
  resolve(value: any): void
  reject(error: unknown): void
}

/** Files open in this process. */
const open = new Set<string>()

export async function openSqlite(file: string, options: StoreOptions): Promise<Store> {
  if (file === '' || file.startsWith(':')) throw new Error(`"sqlite:${file}": a file is needed (it may be new)`)
  const path = resolve(file)
  if (open.has(path)) throw new Error(`${path} is open already in this process`)
  open.add(path)
  let store: SqliteStore | undefined
  try {
    store = new SqliteStore(path, options)
    await store.start(options)
    return store
  } catch (error) {
    await store?.close().catch(() => {})
    open.delete(path)
    throw new Error(`cannot open ${path}: ${(error as Error).message}`, { cause: error })
  }
}

class SqliteStore implements Store {
  readonly dialect = 'sqlite'
  readonly inOrder = true
  readonly d = sqliteDialect
  readonly db: Kysely<Tables>
  readonly #path: string
  readonly #options: StoreOptions
  readonly #sync: LogSync
  readonly #answers = new AnswerCache()
  /** Changes when another process has written. */
  #version = 0
  readonly #writer: SqliteConnection
  readonly #reader: SqliteConnection
  /**
   * @NOTE Never open and close the database file beside SQLite: on POSIX, closing any descriptor of a file drops every
   * lock that the process holds on it. This one is closed after the connections. The WAL carries no locks.
   */
  readonly #dbFd: number
  readonly #walFd: number
  readonly #checkpoints: Checkpoints

  #queue: Job[] = []
  #working: Promise<void> | undefined
  /** The transaction that runs now, for the guard. */
  #running: SqliteHandle | undefined
  readonly #guard: NodeJS.Timeout
  #failure: StoreFailed | undefined
  #closing: Promise<void> | undefined

  #commits = 0

  constructor(path: string, options: StoreOptions) {
    this.#path = path
    this.#options = options
    const disk = options.disk ?? realDisk
    mkdirSync(dirname(path), { recursive: true })
    // Messages are nobody else's business; SQLite gives the WAL the same mode.
    this.#dbFd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    this.#writer = new SqliteConnection(connect(path))
    this.#writer.db.exec('create table if not exists migration (name text primary key, applied_at integer) strict')
    this.#writer.onWrite = (table, id) => this.#answers.writes(table, id)
    this.#reader = new SqliteConnection(connect(path))
    this.#reader.db.exec('pragma query_only = on')
    this.#walFd = openSync(`${path}-wal`, constants.O_RDWR)
    this.#sync = new LogSync(this.#walFd, disk, (failure) => this.#fail(failure))
    this.db = kyselyOn(new SqliteHandle(this.#reader))
    this.#checkpoints = new Checkpoints({
      ...{ path, file: this.#dbFd, reader: this.#reader, writer: this.#writer, disk },
      frames: options.checkpointFrames,
      warn: (error) => this.#warn(error),
    })
    const limit = options.transactionLimitMs ?? 5000
    this.#guard = setInterval(() => {
      const running = this.#running
      if (running !== undefined && performance.now() - running.since > limit) this.#expire(running)
    }, limit / 4)
    this.#guard.unref()
  }

  async start(options: StoreOptions): Promise<void> {
    const folder = options.migrations ?? new URL('migrations/', import.meta.url)
    await migrate((fn) => this.transact(fn as any), this.d, await readMigrations(folder), options.migrate !== false)
    this.#writer.forget()
    this.#reader.forget()
    this.#writer.db.exec('pragma busy_timeout = 0') // from here on it would be the event loop that waits
    fdatasyncSync(this.#walFd)
    fsyncSync(this.#dbFd)
    const dir = openSync(dirname(this.#path), constants.O_RDONLY)
    fsyncSync(dir)
    closeSync(dir)
  }

  transact<T>(fn: (trx: Trx) => Promise<T>): Promise<T> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ fn, resolve, reject })
      this.#working ??= this.#work()
    })
  }

  run<P extends object, R>(query: Query<P, R>, params: P, on?: Trx): Promise<R[]> {
    try {
      if (query.cache !== undefined) return Promise.resolve(this.#remembered(query, query.cache, params, on))
      if (on !== undefined) return run(on, query, params)
      return Promise.resolve(this.#reader.prepared<R>(prepare(query, this.d), params))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  write<P extends object>(query: Query<P, Changes>, params: P, on: Trx): void {
    write(on, query, params)
  }

  #remembered<P extends object, R>(query: Query<P, R>, rule: CacheRule, params: P, on?: Trx): R[] {
    const inside = on !== undefined
    if (inside) (connectionOf(on) as SqliteHandle).check()
    const p = prepare(query, this.d)
    const kept = this.#answers.get(p, rule, params, inside)
    if (kept !== undefined) return kept as R[]
    const rows = (inside ? this.#writer : this.#reader).prepared<R>(p, params)
    this.#answers.put(p, rule, params, rows, inside)
    return rows
  }

  version(table: keyof Tables & string): number {
    return this.#answers.version(table)
  }

  settled(): Promise<void> | undefined {
    return this.#sync.settled()
  }

  get waiting(): number {
    return this.#queue.length
  }

  /**
   * Groups, one after the other, until the queue is empty; between two the event loop turns. What is committed during a
   * sync waits for the next one anyway, so few transactions may as well gather till then: a commit writes each page but
   * once, whatever the number of those that changed it.
   */
  async #work(): Promise<void> {
    while (this.#queue.length > 0 && this.#failure === undefined) {
      if (this.#queue.length < FULL_GROUP) await this.settled()?.catch(() => {})
      while (this.#checkpoints.pause !== undefined) await this.#checkpoints.pause
      try {
        await this.#group()
      } catch (error) {
        this.#fail(new StoreFailed(`the database cannot go on: ${(error as Error).message}`, { cause: error }))
      }
      if (this.#queue.length > 0) await nextTurn()
    }
    this.#working = undefined
  }

  async #group(): Promise<void> {
    const { db } = this.#writer
    const ended: Ended[] = []
    const begun = performance.now()
    let wrote = false
    try {
      await this.#begin()
      const until = performance.now() + GROUP_MS
      // The queue grows while we take from it: those who come now still catch this commit.
      while (ended.length < GROUP_TRANSACTIONS && (ended.length === 0 || performance.now() < until)) {
        const job = this.#queue.shift()
        if (job === undefined) break
        this.#writer.wrote = false
        const one = await this.#one(job)
        ended.push(one)
        if (!db.isTransaction) throw lost(ended)
        if (one.failed && this.#writer.wrote) wrote = await this.#again(ended)
        else wrote ||= this.#writer.wrote
      }
      this.#writer.execute('commit', [])
    } catch (error) {
      // The commit failed (the disk is full, say), or SQLite had to undo all of it: everyone in it hears so.
      if (db.isTransaction) this.#writer.execute('rollback', [])
      this.#answers.clear()
      wrote = false
      const next = ended.length === 0 ? this.#queue.shift() : undefined
      if (next !== undefined) ended.push({ job: next, failed: true, error })
      for (const one of ended) if (!one.failed) Object.assign(one, { failed: true, error })
    }
    this.#answers.ended()
    this.#sync.add(ended, wrote)
    const { onCommit } = this.#options
    if (onCommit !== undefined && wrote) {
      const told = () => onCommit(ended.length, performance.now() - begun)
      this.settled()?.then(told, () => {})
    }
    if (++this.#commits % LOOK_EVERY === 0) this.#checkpoints.look()
  }

  /**
   * One of the group failed after it had written. A savepoint round each transaction would undo it alone, but costs
   * all others a copy of every page they touch; so everything is undone, and the others run again, this time each in a
   * savepoint. Gives whether any of them wrote.
   */
  async #again(ended: Ended[]): Promise<boolean> {
    const writer = this.#writer
    writer.execute('rollback', [])
    await this.#begin()
    let wrote = false
    for (let i = 0; i < ended.length; i++) {
      const { failed } = ended[i]!
      const job = ended[i]!.job as Job
      if (failed) continue
      writer.wrote = false
      writer.execute('savepoint one', [])
      const one = await this.#one(job)
      ended[i] = one
      if (!writer.db.isTransaction) throw lost(ended)
      if (one.failed) writer.execute('rollback to one', [])
      else wrote ||= writer.wrote
      writer.execute('release one', [])
    }
    return wrote
  }

  /** Takes the write lock. Another process (an operator's command) may hold it for a moment. */
  async #begin(): Promise<void> {
    const until = performance.now() + 10_000
    for (;;) {
      try {
        this.#writer.execute('begin immediate', [])
        const { rows } = this.#writer.execute<{ data_version: number }>('pragma data_version', [])
        if (rows[0]!.data_version !== this.#version) this.#answers.clear()
        this.#version = rows[0]!.data_version
        return
      } catch (error) {
        if ((error as { errcode?: number }).errcode !== 5 /* SQLITE_BUSY */ || performance.now() > until) throw error
        await sleep(2 + Math.random() * 10)
      }
    }
  }

  async #one(job: Job): Promise<Ended> {
    const handle = new SqliteHandle(this.#writer)
    handle.since = performance.now()
    this.#running = handle
    try {
      const value = await new Promise((resolve, reject) => {
        handle.expire = reject
        job.fn(kyselyOn(handle)).then(resolve, reject)
      })
      handle.over = 'this transaction is over: something was not awaited in it'
      return { job, failed: false, value }
    } catch (error) {
      handle.over ??= 'this transaction was undone'
      return { job, failed: true, error }
    } finally {
      this.#running = undefined
    }
  }

  /** Ends a transaction that has taken too long. */
  #expire(handle: SqliteHandle): void {
    const late = new TransactionTimeout(
      'a transaction did not end in time and was undone: its function awaits something other than its trx',
    )
    handle.over = late
    this.#warn(late)
    handle.expire?.(late)
  }

  #fail(failure: StoreFailed): void {
    if (this.#failure !== undefined) return
    this.#failure = failure
    for (const job of this.#queue.splice(0)) job.reject(failure)
    this.#options.onFailure?.(failure)
  }

  #warn(error: Error): void {
    if (this.#options.onWarning !== undefined) this.#options.onWarning(error)
    else process.emitWarning(error)
  }

  checkpoint(): Promise<void> {
    return this.#failure !== undefined ? Promise.reject(this.#failure) : this.#checkpoints.run()
  }

  backup(toFile: string): Promise<void> {
    return this.#checkpoints.backup(toFile)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    while (this.#working !== undefined) await this.#working
    await this.settled()?.catch(() => {})
    await this.#checkpoints.settled()
    this.#failure ??= new StoreFailed('the store is closed')
    clearInterval(this.#guard)
    await this.#checkpoints.close()
    this.#reader.db.close()
    this.#writer.db.close() // the last one copies the log into the database file and removes it
    closeSync(this.#walFd)
    closeSync(this.#dbFd)
    open.delete(this.#path)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function connect(path: string): DatabaseSync {
  // Waits for another process that opens or closes the file; see #begin for waiting to write.
  const db = new DatabaseSync(path, { timeout: 1000 })
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma checkpoint_fullfsync = on;
    pragma wal_autocheckpoint = 0;
    pragma temp_store = memory;
    pragma cache_size = -65536;
    pragma case_sensitive_like = on;
  `)
  return db
}

/** Some errors (a full disk, out of memory) make SQLite undo the transaction that holds all savepoints. */
function lost(ended: readonly Ended[]): Error {
  const last = ended[ended.length - 1]
  return last?.failed && last.error instanceof Error ? last.error : new Error('the transaction was undone by SQLite')
}
