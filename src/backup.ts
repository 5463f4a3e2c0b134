import { constants } from 'node:fs'
import { access, copyFile, mkdir, open, opendir, readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { type Config, ConfigError } from './config.ts'
import type { Store } from './storage/index.ts'

/** Written last: a directory without it is a backup that did not end. */
const MANIFEST = 'backup.json'

interface Manifest {
  madeAt: string
  database: 'sqlite' | 'postgres'
  /** False when the files lie in S3 and are not part of the backup. */
  blobs: boolean
}

const DATABASE = { sqlite: 'chappe.db', postgres: 'chappe.pgdump' } as const

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Copies one file (or shares its blocks where the file system can) and syncs it. False when it is not there any more. */
async function copy(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !(await exists(from))) return false
    throw error
  }
  await sync(to)
  return true
}

/** Copies a tree of files; returns how many. */
async function copyTree(from: string, to: string): Promise<number> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  if (!(await exists(from))) return 0
  let count = 0
  const folders = new Set([to])
  for await (const entry of await opendir(from, { recursive: true })) {
    if (!entry.isFile()) continue
    const source = join(entry.parentPath, entry.name)
    const target = join(to, relative(from, source))
    if (!folders.has(dirname(target))) {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      folders.add(dirname(target))
    }
    // A file may be deleted meanwhile: then no row of the database copy needs it for long.
    if (await copy(source, target)) count++
  }
  for (const folder of folders) await sync(folder)
  return count
}

async function isEmpty(dir: string): Promise<boolean> {
  try {
    return (await readdir(dir)).length === 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw error
  }
}

/**
 * Writes all that a server needs to start again into an empty directory: database, files, keys, settings. The server
 * may run meanwhile. The database is copied first, so that every file it names is among those copied after it.
 * @returns lines for the operator
 */
export async function backup(store: Store, config: Config, to: string): Promise<string[]> {
  if (!(await isEmpty(to))) throw new ConfigError(`${to}: not an empty directory`)
  await mkdir(to, { recursive: true, mode: 0o700 })
  const file = DATABASE[store.dialect]
  await store.backup(join(to, file))
  await sync(join(to, file))
  const inS3 = config.blobs.startsWith('s3:')
  const count = inS3 ? 0 : await copyTree(config.blobs, join(to, 'blobs'))
  await copyTree(join(config.dataDir, 'keys'), join(to, 'keys'))
  await copy(join(config.dataDir, 'chappe.json'), join(to, 'chappe.json'))
  const manifest: Manifest = { madeAt: new Date().toISOString(), database: store.dialect, blobs: !inS3 }
  const last = await open(join(to, MANIFEST), 'wx', 0o600)
  await last.writeFile(`${JSON.stringify(manifest, null, 2)}\n`)
  await last.sync()
  await last.close()
  await sync(to)
  return [
    `the backup is in ${to}: database, keys, ${count} files`,
    ...(inS3 ? [`files in ${new URL(config.blobs).host} are not part of it: keep their bucket`] : []),
  ]
}

/**
 * Puts a backup in the place of a server that has no data yet.
 * @returns lines for the operator
 */
export async function restore(config: Config, from: string): Promise<string[]> {
  let manifest: Manifest
  try {
    manifest = JSON.parse(await readFile(join(from, MANIFEST), 'utf8'))
  } catch {
    throw new ConfigError(`${from}: not a backup that was completed (${MANIFEST} is missing or broken)`)
  }
  const kind = config.database.startsWith('sqlite:') ? 'sqlite' : 'postgres'
  if (manifest.database !== kind) throw new ConfigError(`${from}: holds a ${manifest.database} database, not ${kind}`)
  if (await exists(join(config.dataDir, 'keys'))) throw new ConfigError(`${config.dataDir}: has the keys of a server`)
  if (manifest.blobs) {
    if (config.blobs.startsWith('s3:')) throw new ConfigError('--blobs: the backup holds files; name a directory')
    if (!(await isEmpty(config.blobs))) throw new ConfigError(`${config.blobs}: not an empty directory`)
  }
  const path = kind === 'sqlite' ? config.database.slice('sqlite:'.length) : undefined
  if (path !== undefined && (await exists(path))) throw new ConfigError(`${path}: already there`)

  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const count = manifest.blobs ? await copyTree(join(from, 'blobs'), config.blobs) : 0
  const file = join(from, DATABASE[kind])
  if (path !== undefined) {
    await mkdir(dirname(path), { recursive: true })
    await copy(file, path)
    await sync(dirname(path))
  } else {
    const { postgresTool } = await import('./storage/postgres.ts')
    const url = new URL(config.database)
    url.searchParams.delete('pool')
    await postgresTool('pg_restore', url, ['--no-owner', '--exit-on-error', '--single-transaction', file])
  }
  const settings = join(config.dataDir, 'chappe.json')
  if (!(await exists(settings))) await copy(join(from, 'chappe.json'), settings)
  // The keys come last: with them it is a server.
  await copyTree(join(from, 'keys'), join(config.dataDir, 'keys'))
  await sync(config.dataDir)
  return [`restored into ${config.dataDir}: database, keys, ${count} files`]
}
