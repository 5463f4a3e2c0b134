import { access, copyFile, cp, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from './config.ts'
import type { App } from './rpc/app.ts'
import { backup as backUpStore, restore as restoreStore } from './storage/backup.ts'

const KEYS = ['rsa.pem', 'rsa.pub.pem', 'secret']
const SETTINGS = 'chappe.json'

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

/** Copies the keys from one data directory (or backup) to another, durably. */
async function copyKeys(from: string, to: string): Promise<void> {
  await mkdir(join(to, 'keys'), { recursive: true, mode: 0o700 })
  for (const name of KEYS) {
    await copyFile(join(from, 'keys', name), join(to, 'keys', name))
    await sync(join(to, 'keys', name))
  }
  await sync(join(to, 'keys'))
  await sync(to)
}

/**
 * Writes all that a server needs to start again into a new directory: database, files, keys, settings. The server
 * serves meanwhile.
 * @returns lines for the operator
 */
export async function backup(app: App, to: string): Promise<string[]> {
  const { dataDir } = app.config
  await backUpStore(app.store, app.blobs, to, {
    async also(directory) {
      await copyKeys(dataDir, directory)
      if (await exists(join(dataDir, SETTINGS))) await cp(join(dataDir, SETTINGS), join(directory, SETTINGS))
    },
  })
  return [`the backup is in ${to}`]
}

/**
 * Puts a backup in the place of a server that has no data yet. The keys come last: with them it is a server.
 * @returns lines for the operator
 */
export async function restore(config: Config, from: string): Promise<string[]> {
  if (await exists(join(config.dataDir, 'keys'))) throw new ConfigError(`${config.dataDir}: has the keys of a server`)
  for (const name of KEYS) {
    if (!(await exists(join(from, 'keys', name)))) throw new ConfigError(`${from}: no backup, keys/${name} is missing`)
  }
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  await restoreStore(from, { database: config.database, blobs: config.blobs })
  const settings = join(config.dataDir, SETTINGS)
  if ((await exists(join(from, SETTINGS))) && !(await exists(settings))) await cp(join(from, SETTINGS), settings)
  await copyKeys(from, config.dataDir)
  return [`restored into ${config.dataDir}`]
}
