import { createHash, randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store, type StoreOptions } from './index.ts'

// Fresh databases for tests: made once, then copied, since a test of one call must not pay for every migration.

export type TestDialect = Store['dialect']

const server = process.env.CHAPPE_TEST_POSTGRES

/** What tests of the storage run on: `for (const dialect of DIALECTS)`. Postgres needs CHAPPE_TEST_POSTGRES=URL. */
export const DIALECTS: readonly TestDialect[] = server ? ['sqlite', 'postgres'] : ['sqlite']

/** What the rest of the suite runs on: CHAPPE_TEST_DATABASE=sqlite|postgres. */
export const defaultDialect = ((): TestDialect => {
  const name = process.env.CHAPPE_TEST_DATABASE || 'sqlite'
  if (name !== 'sqlite' && name !== 'postgres') throw new Error('CHAPPE_TEST_DATABASE is sqlite or postgres')
  if (name === 'postgres' && !server) throw new Error('CHAPPE_TEST_POSTGRES=URL is needed (see tools/postgres.sh)')
  return name
})()

export interface TestDatabase extends AsyncDisposable {
  /** For `openStore` and `--database`. */
  address: string
}

export interface TestDatabaseOptions {
  /** On a real disk, not in memory. */
  durable?: boolean
  /** Migrated already (the default), or with nothing in it. */
  empty?: boolean
}

/** A database of its own, removed by its dispose. */
export function freshDatabase(dialect = defaultDialect, options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  return dialect === 'sqlite' ? freshFile(options) : freshPostgres(options)
}

/** A store on a database of its own; its dispose closes the store and removes the database. */
export async function openTestStore(
  dialect = defaultDialect,
  options: TestDatabaseOptions & Partial<StoreOptions> = {},
): Promise<Store & { readonly address: string }> {
  const database = await freshDatabase(dialect, options)
  const store = await openStore({ ...options, database: database.address })
  return Object.assign(store, {
    address: database.address,
    async [Symbol.asyncDispose]() {
      await store.close()
      await database[Symbol.asyncDispose]()
    },
  })
}

let root: string | undefined

function inMemory(): string {
  if (root === undefined) {
    root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'chappe-test-'))
    process.on('exit', () => rmSync(root!, { recursive: true, force: true }))
  }
  return root
}

let migratedFile: Promise<string> | undefined

async function freshFile(options: TestDatabaseOptions): Promise<TestDatabase> {
  migratedFile ??= (async () => {
    const file = join(inMemory(), 'template.sqlite')
    await (await openStore({ database: `sqlite:${file}` })).close()
    return file
  })()
  const dir = mkdtempSync(join(options.durable ? tmpdir() : inMemory(), 'chappe-db-'))
  const file = join(dir, 'test.sqlite')
  if (!options.empty) copyFileSync(await migratedFile, file)
  return {
    address: `sqlite:${file}`,
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}

let migratedDatabase: Promise<string> | undefined

async function freshPostgres(options: TestDatabaseOptions): Promise<TestDatabase> {
  if (!server) throw new Error('CHAPPE_TEST_POSTGRES is not set')
  if (!options.empty) migratedDatabase ??= migratedTemplate()
  const name = newName()
  await administer(`create database ${name}${options.empty ? '' : ` template ${await migratedDatabase}`}`)
  return {
    address: addressOf(name),
    [Symbol.asyncDispose]: () => administer(`drop database ${name} with (force)`),
  }
}

/** One migrated database for all processes, as long as what migrates it stays the same: it is only ever copied. */
async function migratedTemplate(): Promise<string> {
  const hash = createHash('sha1')
  for (const file of globSync('**/*.ts', { cwd: import.meta.dirname }).sort()) {
    if (!file.includes('test')) hash.update(readFileSync(join(import.meta.dirname, file)))
  }
  const name = `chappe_template_${hash.digest('hex').slice(0, 16)}`
  await administer(async (run) => {
    await run('select pg_advisory_lock(4430)') // let go with the connection
    if ((await run(`select 1 from pg_database where datname = '${name}'`)).length > 0) return
    const made = newName()
    await run(`create database ${made}`)
    await (await openStore({ database: addressOf(made) })).close()
    await run(`alter database ${made} rename to ${name}`)
  })
  return name
}

const newName = () => `chappe_${process.pid}_${randomBytes(6).toString('hex')}`

function addressOf(name: string): string {
  const url = new URL(server!)
  url.pathname = `/${name}`
  url.searchParams.set('pool', '4')
  return url.href
}

type Run = (statement: string) => Promise<unknown[]>

async function administer(what: string | ((run: Run) => Promise<void>)): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    const run: Run = async (statement) => (await client.query(statement)).rows
    if (typeof what === 'string') await run(what)
    else await what(run)
  } finally {
    await client.end()
  }
}
