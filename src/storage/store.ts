import type { Kysely } from 'kysely'
import type { Dialect } from './dialect.ts'
import type { Changes, Query } from './query.ts'
import type { Tables } from './tables/index.ts'

/** A query builder whose statements run inside one transaction. It throws once that transaction is over. */
export type Trx = Kysely<Tables>

export interface Store extends AsyncDisposable {
  readonly dialect: 'sqlite' | 'postgres'
  /** What differs between the databases: column types, full text, lists as parameters. */
  readonly d: Dialect
  /** Whether transactions run one after the other, as they are asked for. */
  readonly inOrder: boolean
  /** Reads outside a transaction: committed data only; writing through it fails. */
  readonly db: Kysely<Tables>
  /**
   * Runs `fn` in a transaction and resolves with its value when the commit is durable (a power cut cannot undo it). If
   * `fn` throws, its own writes are undone, and nobody else's.
   *
   * On SQLite transactions run one after the other and hold everybody else up, so `fn` awaits nothing but queries on
   * its `trx`: one that has not ended after `transactionLimitMs` is undone and fails with `TransactionTimeout`. On
   * Postgres `fn` runs again after a serialization failure, a deadlock, a unique key that somebody else has just taken,
   * or when its connection is lost before its COMMIT was sent. So `fn` has no effect but through `trx`.
   *
   * @NOTE Postgres transactions are READ COMMITTED and run side by side: a read followed by a write that depends on it
   * is a race there (not on SQLite). Lock first: `UPDATE ... RETURNING` on the row that guards the state (the box, the
   * chat) both changes and locks it, and everything read after it is current. A statement that fails (a unique
   * violation, say) ends a Postgres transaction, so use `on conflict` rather than catching.
   */
  transact<T>(fn: (trx: Trx) => Promise<T>): Promise<T>
  /**
   * Undefined when everything committed so far is durable, else a promise of that moment. A read through `db` may see
   * a commit that a power cut would still undo; whoever lets such a read leave the process awaits this first.
   */
  settled(): Promise<void> | undefined
  /** Runs a prepared query, on `on` inside a transaction, else on committed data. Writes need `on`. */
  run<P extends object, R>(query: Query<P, R>, params: P, on?: Trx): Promise<R[]>
  /**
   * Runs a prepared write in a transaction, for whoever asks nothing of its outcome. It is done before whatever is asked
   * next of that transaction; where it fails, so does the transaction. On Postgres it costs no round trip: it goes with
   * the next statement that somebody waits for, or with the COMMIT.
   */
  write<P extends object>(query: Query<P, Changes>, params: P, on: Trx): void
  /** A number that grows whenever a table has changed; missing where others write, too, and nobody here hears of it. */
  version?(table: keyof Tables & string): number
  /** Transactions that wait for their turn (or for a connection). */
  readonly waiting: number
  /** Writes a consistent copy of the database, taken while it serves, to a file that must not exist yet. */
  backup(toFile: string): Promise<void>
  /** Moves what the write-ahead log holds into the database file (nothing to do on Postgres). */
  checkpoint(): Promise<void>
  /** Waits for the transactions under way, then closes. Later calls fail. */
  close(): Promise<void>
}

export interface StoreOptions {
  /** `sqlite:FILE` or `postgres://user:password@host:port/name?pool=20` */
  database: string
  /** Run the migrations that the database lacks; false refuses to open a database that lacks any. Default true. */
  migrate?: boolean
  /** Where the migrations are; default src/storage/migrations. */
  migrations?: URL
  /** How long one transaction may take, in milliseconds. Default 5000. */
  transactionLimitMs?: number
  /** Called once if the store cannot go on (the disk refused to sync). Every later transaction fails. */
  onFailure?: (error: Error) => void
  /** Called on what the store survives but an operator should know, e.g. a checkpoint that failed. */
  onWarning?: (error: Error) => void
  /** Called when a commit is durable: how many transactions it held, and milliseconds from the first of them. */
  onCommit?: (transactions: number, ms: number) => void
  /** SQLite: frames (4 KiB pages) in the write-ahead log that start a checkpoint. Default 24000. */
  checkpointFrames?: number
  /** SQLite: stands in for the disk in tests of durability. */
  disk?: Disk
}

/** What the SQLite store asks of the disk by itself, beside what SQLite does. */
export interface Disk {
  /** Syncs the write-ahead log, off the main thread. */
  syncLog(fd: number, done: (error: Error | null) => void): void
  /** A checkpoint is complete: all of the database is in its main file and synced; writers still wait. */
  checkpointed?(): void
}

/**
 * The wall-clock limit of a transaction passed: it was undone. Most often its function awaited something foreign. Or the
 * database fell silent: then a read fails with it, too, and a COMMIT of which nobody knows what came.
 */
export class TransactionTimeout extends Error {
  override name = 'TransactionTimeout'
}

/** The store cannot promise durability any more, or was closed. */
export class StoreFailed extends Error {
  override name = 'StoreFailed'
}
