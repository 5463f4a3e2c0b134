import { access, copyFile, link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Blobs, FileBlobs, openBlobs } from './blobs.ts'
import { syncDirectory } from './directories.ts'
import type { Store } from './store.ts'

interface Manifest {
  format: 1
  dialect: Store['dialect']
  database: string
  /** Unix seconds. */
  createdAt: number
}

export interface BackupOptions {
  /** Adds what is not the storage's (the server's keys) to the directory, before it gets its name. */
  also?(directory: string): Promise<void>
  /** Unix seconds; the clock's by default. */
  now?: number
}

/**
 * Copies a serving store and its blobs into a new directory, consistently: the database is of one moment, and every
 * blob that it names is there (deletions wait meanwhile). Blobs in files are hard-linked where the file system allows
 * it, so that they take no space twice; they are never changed in place.
 *
 * The directory gets its name once it is complete and on disk. On Postgres this needs the program pg_dump.
 */
export async function backup(store: Store, blobs: Blobs, toDir: string, options: BackupOptions = {}): Promise<void> {
  const target = resolve(toDir)
  if (await exists(target)) throw new Error(`${target} exists already`)
  const part = `${target}.partial`
  await rm(part, { recursive: true, force: true })
  await mkdir(join(part, 'blobs'), { recursive: true, mode: 0o700 })
  // @NOTE The database first: a blob is put before the transaction that names it, so all that the copy names are there.
  const release = blobs.hold()
  try {
    const manifest: Manifest = {
      format: 1,
      dialect: store.dialect,
      database: store.dialect === 'sqlite' ? 'database.sqlite' : 'database.dump',
      createdAt: options.now ?? Math.floor(Date.now() / 1000),
    }
    await store.backup(join(part, manifest.database))
    await copyBlobs(blobs, await openBlobs(join(part, 'blobs')))
    await options.also?.(part)
    await writeFile(join(part, 'backup.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
    for (const name of [manifest.database, 'backup.json']) await syncFile(join(part, name))
    await syncDirectory(part)
    await rename(part, target)
    await syncDirectory(dirname(target))
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw error
  } finally {
    release()
  }
}

/**
 * Puts a backup back: into a database file that does not exist yet or a Postgres database that is empty, and a
 * directory without blobs. Nothing serves meanwhile. Throws an Error of one clear line.
 */
export async function restore(fromDir: string, to: { database: string; blobs: string }): Promise<void> {
  const text = await readFile(join(fromDir, 'backup.json'), 'utf8').catch(() => {
    throw new Error(`${fromDir} is no backup: it has no backup.json`)
  })
  const manifest = JSON.parse(text) as Manifest
  if (manifest.format !== 1) throw new Error(`${fromDir} was made by a newer version`)
  const dialect = to.database.startsWith('sqlite:') ? 'sqlite' : 'postgres'
  if (dialect !== manifest.dialect) throw new Error(`the backup is of a ${manifest.dialect} database`)
  const blobs = await openBlobs(to.blobs)
  for await (const { key } of blobs.list()) throw new Error(`there are blobs in ${to.blobs} already (${key})`)
  const dump = join(fromDir, manifest.database)
  if (dialect === 'sqlite') await restoreFile(dump, resolve(to.database.slice('sqlite:'.length)))
  else await restorePostgres(dump, to.database)
  await copyBlobs(new FileBlobs(resolve(fromDir, 'blobs')), blobs)
}

async function restoreFile(dump: string, file: string): Promise<void> {
  for (const path of [file, `${file}-wal`]) if (await exists(path)) throw new Error(`${path} exists already`)
  await mkdir(dirname(file), { recursive: true })
  const part = `${file}.partial`
  await copyFile(dump, part)
  await syncFile(part)
  await rename(part, file)
  await syncDirectory(dirname(file))
}

async function restorePostgres(dump: string, database: string): Promise<void> {
  const { default: pg } = await import('pg')
  const { postgresTool } = await import('./postgres.ts')
  const url = new URL(database)
  url.searchParams.delete('pool')
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    const { rows } = await client.query("select tablename from pg_tables where schemaname = 'public' limit 1")
    if (rows.length > 0) throw new Error(`the database is not empty (it has a table ${rows[0].tablename})`)
  } finally {
    await client.end()
  }
  await postgresTool('pg_restore', url, ['--exit-on-error', '--single-transaction', '--no-owner', dump])
}

async function copyBlobs(from: Blobs, to: Blobs): Promise<void> {
  const directories = new Set<string>()
  for await (const { key } of from.list()) {
    if (from instanceof FileBlobs && to instanceof FileBlobs) {
      const path = to.pathOf(key)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const linked = await link(from.pathOf(key), path).then(
        () => true,
        () => false, // another file system, or one without hard links
      )
      if (linked) {
        for (let at = dirname(path); at.startsWith(to.directory); at = dirname(at)) directories.add(at)
        continue
      }
    }
    await to.put(key, (await from.open(key)).stream())
  }
  for (const directory of directories) await syncDirectory(directory)
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
