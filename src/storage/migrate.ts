import { readdir } from 'node:fs/promises'
import { type Kysely, sql } from 'kysely'
import type { Dialect } from './dialect.ts'

type Up = (db: Kysely<any>, d: Dialect) => Promise<void>

export interface Migration {
  name: string
  /** Reads the file: of a database that is up to date none is read. @throws Error when it exports no `up` */
  load(): Promise<Up>
}

/** The migrations in a folder, in the order of their names (yyyy-mm-dd-name.ts), each with an exported `up`. */
export async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-\d\d-\d\d-[a-z0-9-]+\.ts$/.test(name)).sort()
  return names.map((file) => ({ name: file.slice(0, -'.ts'.length), load: () => load(new URL(file, folder).href) }))
}

async function load(url: string): Promise<Up> {
  const { up } = await import(url)
  if (typeof up !== 'function') throw new Error(`the migration ${url} exports no function "up"`)
  return up
}

/**
 * Brings a database to the newest version: runs, in order of name, each migration not yet recorded in the table
 * `migration`, each in a transaction of its own. Two processes that start together wait for each other.
 *
 * Throws when the database knows a migration that we do not: a newer program wrote it, and its data is not ours to
 * guess at. With `apply` false it throws when one is missing.
 */
export async function migrate(
  transact: <T>(fn: (trx: Kysely<any>) => Promise<T>) => Promise<T>,
  d: Dialect,
  migrations: readonly Migration[],
  apply: boolean,
): Promise<string[]> {
  const done = await transact(async (trx) => {
    await lock(trx, d)
    await sql`create table if not exists migration (name text primary key, applied_at bigint not null)`.execute(trx)
    return new Set((await trx.selectFrom('migration').select('name').execute()).map((row) => row.name as string))
  })
  const unknown = [...done].filter((name) => !migrations.some((m) => m.name === name))
  if (unknown.length > 0) {
    throw new Error(`the database was written by a newer version (migration ${unknown.join(', ')} is unknown here)`)
  }
  const missing = migrations.filter((m) => !done.has(m.name))
  if (missing.length > 0 && !apply) {
    throw new Error(`the database lacks ${missing.map((m) => m.name).join(', ')}: run "chappe migrate"`)
  }
  const applied: string[] = []
  const ups = await Promise.all(missing.map((m) => m.load()))
  for (const [i, migration] of missing.entries()) {
    await transact(async (trx) => {
      await lock(trx, d)
      const recorded = await trx.selectFrom('migration').select('name').where('name', '=', migration.name).execute()
      if (recorded.length > 0) return
      await ups[i]!(trx, d)
      const row = { name: migration.name, applied_at: Math.floor(Date.now() / 1000) }
      await trx.insertInto('migration').values(row).execute()
      applied.push(migration.name)
    })
  }
  return applied
}

/** Held to the end of the transaction. SQLite has one writer anyway. */
async function lock(trx: Kysely<any>, d: Dialect): Promise<void> {
  if (d.name === 'postgres') await sql`select pg_advisory_xact_lock(711983)`.execute(trx)
}
