import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type pg from 'pg'
import { postgresDialect } from './dialect.ts'
import { migrate, readMigrations } from './migrate.ts'
import type { Parsers } from './postgres-batch.ts'
import { type Lender, Reads, Transaction } from './postgres-connections.ts'
import { parsers } from './postgres-values.ts'
import { type Changes, kyselyOn, type Query, run, write } from './query.ts'
import { type Store, StoreFailed, type StoreOptions, TransactionTimeout, type Trx } from './store.ts'
import type { Tables } from './tables/index.ts'

/** How often a transaction runs before its serialization failure or deadlock is the caller's. */
const ATTEMPTS = 10

/**
 * The same for a unique key that exists already: another transaction committed it after this one had looked. Run again,
 * it is found; if not, it was no race.
 */
const UNIQUE_ATTEMPTS = 3

/** The same for one whose connection was lost before its COMMIT was sent, and for reads: a database restarts in seconds. */
const LOST_ATTEMPTS = 6
/** From the first loss to the next attempt at most, ms; doubled from there on. */
const LOST_FIRST_MS = 50

/** What pg says of a connection that was not made in time. */
const TIMED_OUT = 'timeout expired'

/** A read outside transactions may take as long as so many transactions. */
const READ_LIMITS = 6

const SERIALIZATION_FAILURE = '40001'
const DEADLOCK = '40P01'

export async function openPostgres(url: string, options: StoreOptions): Promise<Store> {
  const { default: driver } = await import('pg') // only who uses Postgres loads it
  const store = new PostgresStore(driver, url, options)
  try {
    const folder = options.migrations ?? new URL('migrations/', import.meta.url)
    const migrations = await readMigrations(folder)
    await migrate((fn) => store.transactAtLeisure(fn as any), store.d, migrations, options.migrate !== false)
    return store
  } catch (error) {
    await store.close()
    throw new Error(`cannot open the database: ${(error as Error).message}`, { cause: error })
  }
}

/** What each connection is set to. */
function sessionOptions(limit: number): string {
  const settings = {
    // A COMMIT answers when it is on disk, whatever the server's default is.
    synchronous_commit: 'on',
    // Writing is for transact alone, which says so in its BEGIN: a write through store.db fails here as on SQLite.
    default_transaction_read_only: 'on',
    // What is asked by a key goes by the index of the key, however few rows there were when somebody last counted.
    random_page_cost: 1.1,
    // A process that is stopped, or whose machine is gone without a word, lets go of what it has locked. What it waits
    // for is given up in the same time, or each of its connections would hold it in turn.
    idle_in_transaction_session_timeout: limit + 1000,
    lock_timeout: limit,
    statement_timeout: READ_LIMITS * limit,
  }
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
}

/**
 * Clients that give a database up which takes the connection and says nothing. The pool's own option of that name would
 * limit the wait for a free connection, too.
 */
function clientOf(driver: typeof pg, connectionTimeoutMillis: number): NonNullable<pg.PoolConfig['Client']> {
  return class extends driver.Client {
    constructor(config?: pg.ClientConfig) {
      super({ ...config, connectionTimeoutMillis })
    }
  }
}

class PostgresStore implements Store {
  readonly dialect = 'postgres'
  readonly inOrder = false
  readonly d = postgresDialect
  readonly db: Kysely<Tables>
  readonly #pool: pg.Pool
  readonly #url: URL
  readonly #options: StoreOptions
  readonly #limit: number
  readonly #parsers: Parsers
  readonly #clients = new Set<pg.PoolClient>()
  readonly #stale = new WeakSet<pg.PoolClient>()
  /** What came of a connection that was lost: nothing has happened, and it may be asked again. */
  readonly #losses = new WeakSet<object>()
  readonly #running = new Set<Promise<unknown>>()
  #closed: Promise<void> | undefined

  constructor(driver: typeof pg, address: string, options: StoreOptions) {
    this.#options = options
    this.#limit = options.transactionLimitMs ?? 5000
    const url = new URL(address)
    const size = Number(url.searchParams.get('pool') ?? 20)
    if (!Number.isInteger(size) || size < 2 || size > 1000) throw new Error('?pool= is a number between 2 and 1000')
    url.searchParams.delete('pool')
    const own = url.searchParams.get('options')
    url.searchParams.delete('options')
    this.#url = url
    const limit = this.#limit
    this.#pool = new driver.Pool({
      connectionString: url.href,
      max: size,
      application_name: 'chappe',
      // One on which nothing is under way is noticed when its other end is gone without a word.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      Client: clientOf(driver, 2 * limit),
      options: `${sessionOptions(limit)} ${own ?? ''}`,
    })
    this.#pool.on('error', (error) => {
      if (this.#closed === undefined) this.#warn(error) // an idle connection broke; the pool makes another
    })
    this.#pool.on('connect', (client) => {
      this.#clients.add(client)
      client.on('error', () => {}) // its query under way fails, and says so
    })
    this.#pool.on('remove', (client) => this.#clients.delete(client))
    this.#parsers = (type) => parsers[type] ?? driver.types.getTypeParser(type)
    const lender: Lender = {
      readLimit: READ_LIMITS * limit,
      use: (fn) => this.#read(fn),
      again: (error, attempt) => this.#readAgain(error, attempt),
    }
    this.db = kyselyOn(new Reads(lender, this.#parsers))
  }

  /** @NOTE If the connection breaks during COMMIT, the transaction fails here although it may have been committed. */
  transact<T>(fn: (trx: Trx) => Promise<T>): Promise<T> {
    return this.#watched(fn, this.#limit)
  }

  /** The same for what may take its time: migrations. */
  transactAtLeisure<T>(fn: (trx: Trx) => Promise<T>): Promise<T> {
    return this.#watched(async (trx) => {
      await sql`select set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true)`.execute(trx)
      return fn(trx)
    }, undefined)
  }

  #watched<T>(fn: (trx: Trx) => Promise<T>, limit: number | undefined): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(new StoreFailed('the store is closed'))
    const running = this.#attempts(fn, limit)
    const watched = running.catch(() => {}).finally(() => this.#running.delete(watched))
    this.#running.add(watched)
    return running
  }

  async #attempts<T>(fn: (trx: Trx) => Promise<T>, limit: number | undefined): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(fn, limit)
      } catch (error) {
        if (attempt >= this.#attemptsFor(error)) throw error
        await this.#pause(error, attempt)
      }
    }
  }

  /** How often a transaction that failed like this is worth running. */
  #attemptsFor(error: unknown): number {
    const { code } = error as { code?: string }
    if (code === SERIALIZATION_FAILURE || code === DEADLOCK) return ATTEMPTS
    if (this.#losses.has(error as object)) return LOST_ATTEMPTS
    return this.d.isUniqueViolation(error) ? UNIQUE_ATTEMPTS : 1
  }

  async #pause(error: unknown, attempt: number): Promise<void> {
    if (!this.#losses.has(error as object)) await sleep(Math.random() * Math.min(200, 2 ** attempt))
    else await sleep(LOST_FIRST_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2))
  }

  async #attempt<T>(fn: (trx: Trx) => Promise<T>, limit: number | undefined): Promise<T> {
    const client = await this.#take()
    const transaction = new Transaction(client, this.#parsers)
    let broken = false
    let timer: NodeJS.Timeout | undefined
    try {
      const begun = performance.now()
      const value = await new Promise<T>((resolve, reject) => {
        const late = () => {
          const error = transaction.cut()
          this.#warn(error)
          reject(error)
        }
        if (limit !== undefined) timer = setTimeout(late, limit)
        fn(kyselyOn(transaction)).then(resolve, reject)
      })
      timer?.refresh() // the database's own time
      await transaction.commit()
      this.#options.onCommit?.(1, performance.now() - begun)
      return value
    } catch (error) {
      this.#look(error)
      broken = !(await transaction.rollback())
      if (broken && transaction.lost) this.#losses.add(error as object)
      throw error
    } finally {
      clearTimeout(timer)
      client.release(broken)
    }
  }

  /** A connection; one that was made before the columns of a table changed keeps plans of what is no more. */
  async #take(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await this.#pool.connect().catch((error: Error) => {
        if (error.message === TIMED_OUT)
          throw new TransactionTimeout('the database takes no connections', { cause: error })
        if (this.#closed === undefined) this.#losses.add(error)
        throw error
      })
      if (!this.#stale.has(client)) return client
      client.release(true)
    }
  }

  /** Whether an error says that prepared statements are out of date: then all connections are made anew. */
  #look(error: unknown): boolean {
    const { code, message } = error as { code?: string; message?: string }
    if (code !== '0A000' || !message?.includes('cached plan')) return false
    for (const client of this.#clients) this.#stale.add(client)
    return true
  }

  async #read<T>(fn: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#take()
    try {
      return await fn(client)
    } finally {
      client.release()
    }
  }

  /** Whether reads that failed are worth asking again. */
  async #readAgain(error: unknown, attempt: number): Promise<boolean> {
    if (attempt >= LOST_ATTEMPTS || this.#closed !== undefined || error instanceof TransactionTimeout) return false
    if (this.#look(error)) return true
    // The server refused a statement; whatever else ends a batch ends the connection.
    if ((error as { severity?: string }).severity === 'ERROR') return false
    this.#losses.add(error as object)
    await this.#pause(error, attempt)
    return true
  }

  run<P extends object, R>(query: Query<P, R>, params: P, on?: Trx): Promise<R[]> {
    return run(on ?? this.db, query, params)
  }

  write<P extends object>(query: Query<P, Changes>, params: P, on: Trx): void {
    write(on, query, params)
  }

  /** Nothing is visible before it is on disk. */
  settled(): undefined {
    return undefined
  }

  get waiting(): number {
    return this.#pool.waitingCount
  }

  async checkpoint(): Promise<void> {}

  /** Writes pg_dump's custom format. Needs the program pg_dump of the server's version, or newer. */
  async backup(toFile: string): Promise<void> {
    await postgresTool('pg_dump', this.#url, ['--format=custom', '--no-owner', `--file=${toFile}`])
  }

  close(): Promise<void> {
    this.#closed ??= Promise.all(this.#running).then(() => this.#pool.end())
    return this.#closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #warn(error: Error): void {
    if (this.#options.onWarning !== undefined) this.#options.onWarning(error)
    else process.emitWarning(error)
  }
}

/** Runs one of Postgres' own programs on a database. The password goes by the environment, where `ps` does not look. */
export async function postgresTool(program: string, url: URL, args: string[]): Promise<void> {
  const bare = new URL(url)
  bare.password = ''
  const env = { ...process.env, PGPASSWORD: decodeURIComponent(url.password) }
  const child = spawn(program, [...args, `--dbname=${bare.href}`], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000)
  })
  await new Promise<void>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new Error(`${program} is needed and was not found: install it`) : error),
    )
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} failed: ${said.trim()}`))))
  })
}
