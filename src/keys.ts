import { hkdfSync, randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConfigError } from './config.ts'
import { createRsaKey, loadRsaKey, type RsaKey } from './mtproto/rsa.ts'
import type { Secrets } from './rpc/app.ts'

/** The server's identity: what must survive with the data. */
export interface Keys {
  readonly rsa: RsaKey
  /** 32 bytes under which the rest is sealed or derived. */
  readonly secret: Buffer
  /** The public key as clients carry it. */
  readonly publicPath: string
}

/** Writes a file so that after a power cut it is there whole or not at all. */
async function writeDurable(path: string, content: string | Buffer, mode: number): Promise<void> {
  // By chance: in containers every process has the same number.
  const part = `${path}.new-${randomBytes(6).toString('hex')}`
  try {
    const file = await open(part, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await syncFolder(path)
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/**
 * The same for a file that nobody changes once it is there: nodes that share a folder and start together all take what
 * the first of them wrote.
 */
async function writeOnce(path: string, content: string | Buffer): Promise<Buffer> {
  const own = `${path}.own-${randomBytes(6).toString('hex')}`
  await writeDurable(own, content, 0o600)
  try {
    await link(own, path)
    await syncFolder(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(own, { force: true })
  }
  return readFile(path)
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ConfigError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

/**
 * The keys under `DIR/keys`; what is missing is made (files of mode 0600).
 * @throws ConfigError when a file is there and cannot be what it should be. A lost secret is never replaced: everything
 * sealed under it would be lost with it.
 */
export async function openKeys(dataDir: string): Promise<Keys> {
  const folder = join(dataDir, 'keys')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const secretPath = join(folder, 'secret')
  const privatePath = join(folder, 'rsa.pem')
  const publicPath = join(folder, 'rsa.pub.pem')

  const pem = await readIfThere(privatePath)
  let secret = await readIfThere(secretPath)
  if (secret === undefined) {
    // The secret is written first, so a key without it is not a start that was cut short.
    if (pem !== undefined) throw new ConfigError(`${secretPath}: missing beside rsa.pem; restore it from a backup`)
    secret = await writeOnce(secretPath, randomBytes(32))
  }
  if (secret.length !== 32) throw new ConfigError(`${secretPath}: expected 32 bytes, got ${secret.length}`)

  let rsa: RsaKey
  if (pem === undefined) {
    rsa = loadRsaKey((await writeOnce(privatePath, createRsaKey().privatePem)).toString())
  } else {
    try {
      rsa = loadRsaKey(pem.toString())
    } catch {
      throw new ConfigError(`${privatePath}: expected the PEM of an RSA key of 2048 bits`)
    }
  }
  if ((await readIfThere(publicPath))?.toString() !== rsa.publicPem) {
    await writeDurable(publicPath, rsa.publicPem, 0o644)
  }
  return { rsa, secret, publicPath }
}

/** What each kind of secret is made or sealed with: a key of its own, all from the one that is kept. */
export function deriveSecrets(secret: Buffer): Secrets {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `chappe ${use}`, 32))
  return {
    accessHash: derive('access hash'),
    fileReference: derive('file reference'),
    seal: derive('seal'),
    salt: derive('salt'),
    token: derive('token'),
  }
}

/** The fingerprint as clients show it: 16 hex digits, and the signed number that is on the wire. */
export function fingerprintText(rsa: RsaKey): string {
  return `${BigInt.asUintN(64, rsa.fingerprint).toString(16).padStart(16, '0')} (${rsa.fingerprint})`
}
