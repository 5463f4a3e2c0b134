import type { Store, StoreOptions } from './store.ts'

/**
 * Opens the database and brings it to the newest version.
 *
 * `sqlite:FILE` makes the file (and its folder) if it is missing. A process opens a file once. `postgres://...` needs
 * an existing database. A wrong address throws an Error of one clear line.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { database } = options
  if (database.startsWith('sqlite:')) return (await import('./sqlite.ts')).openSqlite(database.slice(7), options)
  if (/^postgres(ql)?:\/\//.test(database)) return (await import('./postgres.ts')).openPostgres(database, options)
  throw new Error(`the database is "sqlite:FILE" or "postgres://...", not "${database.replace(/:.*/s, ':...')}"`)
}

export { BlobNotFound, type BlobReader, type Blobs, openBlobs } from './blobs.ts'
export { nextId } from './counter.ts'
export type { Dialect } from './dialect.ts'
export { bindingOf, type Changes, dialectOf, type Query, query, run } from './query.ts'
export { type Store, StoreFailed, type StoreOptions, TransactionTimeout, type Trx } from './store.ts'
export type { Tables } from './tables/index.ts'
export { hasWords } from './words.ts'
