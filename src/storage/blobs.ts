import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { OpenFiles } from '../open-files.ts'
import { DirectorySyncs, syncDirectory } from './directories.ts'
import { Holds } from './holds.ts'

export interface BlobReader {
  readonly size: number
  /** The bytes from `offset` (default 0) to the end. Called at most once. */
  stream(offset?: number): AsyncIterable<Uint8Array>
}

/** The bytes of files, by key. Keys are paths like `ab/cdef`: see `checkKey`. No call holds a whole file in memory. */
export interface Blobs {
  /** Stores what the stream gives and resolves with its size once it is durable. Replaces what the key had. */
  put(key: string, stream: AsyncIterable<Uint8Array>): Promise<number>
  /**
   * At most `length` bytes from `offset`; fewer (or none) at the end. They are put into `into`, and what is given is a
   * view of it, where the caller has memory for them. Throws BlobNotFound.
   */
  get(key: string, offset: number, length: number, into?: Buffer): Promise<Buffer>
  /** Throws BlobNotFound. */
  open(key: string): Promise<BlobReader>
  /** Nothing happens if there is none. Waits while a backup holds deletions back. */
  delete(key: string): Promise<void>
  exists(key: string): Promise<boolean>
  /** Every blob, in no order. */
  list(): AsyncIterable<{ key: string; size: number }>
  /** Holds deletions back until the returned function is called: a backup copies what its database names. */
  hold(): () => void
  /** Rejects when nothing can be stored or read at the moment. */
  ready(): Promise<void>
  /** The file that holds a blob, where each is one on this machine. */
  pathOf?(key: string): string
}

export class BlobNotFound extends Error {
  override name = 'BlobNotFound'
  constructor(key: string) {
    super(`there is no blob ${key}`)
  }
}

/** The most that one `get` may ask for. */
export const MAX_GET = 16 * 1024 * 1024

const TEMPORARY = '.part'

/** Opens a store of blobs: a directory, or `s3://...`. */
export async function openBlobs(address: string): Promise<Blobs> {
  if (address.startsWith('s3://')) {
    const { S3Blobs, s3Address } = await import('./blobs-s3.ts') // only who has a bucket loads it
    return new S3Blobs(s3Address(address))
  }
  if (address === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(address)) {
    throw new Error(`blobs are kept in a directory, not "${address}"`)
  }
  const blobs = new FileBlobs(resolve(address))
  await blobs.start()
  return blobs
}

/**
 * Throws on what is no key: one to four parts of letters, digits, `_`, `-` and `.`, none beginning with a dot. So no
 * key leaves the directory or meets our temporary files.
 */
export function checkKey(key: string): void {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}(\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}){0,3}$/.test(key)) {
    throw new TypeError(`"${key.slice(0, 200)}" is no key of a blob`)
  }
}

export class FileBlobs implements Blobs {
  readonly directory: string
  /** Directories whose own entry is on disk already. */
  readonly #known = new Set<string>()
  readonly #open = new OpenFiles()
  readonly #syncs = new DirectorySyncs()
  readonly #holds = new Holds()

  constructor(directory: string) {
    this.directory = directory
  }

  async start(): Promise<void> {
    const temporary = join(this.directory, TEMPORARY)
    await mkdir(temporary, { recursive: true, mode: 0o700 })
    await syncDirectory(dirname(this.directory))
    await syncDirectory(this.directory)
    // What a crash left behind. Another process may be writing a younger one.
    const yesterday = Date.now() - 86_400_000
    for (const name of await readdir(temporary)) {
      const path = join(temporary, name)
      const info = await stat(path).catch(() => undefined)
      if (info !== undefined && info.mtimeMs < yesterday) await rm(path, { force: true })
    }
  }

  async put(key: string, stream: AsyncIterable<Uint8Array>): Promise<number> {
    const path = this.pathOf(key)
    const part = join(this.directory, TEMPORARY, randomBytes(16).toString('hex'))
    let size = 0
    try {
      const file = await open(part, 'wx', 0o600)
      try {
        for await (const bytes of stream) {
          size += bytes.length
          let written = 0
          while (written < bytes.length) written += (await file.write(bytes, written)).bytesWritten
        }
        await file.datasync()
      } finally {
        await file.close()
      }
      await this.#makeDirectory(dirname(path))
      await rename(part, path)
      this.#open.drop(path)
      await this.#syncs.sync(dirname(path)) // until then the name may be lost, though the bytes are there
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
    return size
  }

  async get(key: string, offset: number, length: number, into?: Buffer): Promise<Buffer> {
    if (!(Number.isSafeInteger(offset) && offset >= 0 && Number.isInteger(length) && length >= 0)) {
      throw new RangeError('an offset and a length are whole numbers of bytes')
    }
    if (length > MAX_GET) throw new RangeError(`at most ${MAX_GET} bytes at once`)
    return found(key, () => this.#open.read(this.pathOf(key), offset, length, into))
  }

  async open(key: string): Promise<BlobReader> {
    const path = this.pathOf(key)
    const { size } = await found(key, () => stat(path))
    return { size, stream: (offset = 0) => createReadStream(path, { start: offset, highWaterMark: 256 * 1024 }) }
  }

  async delete(key: string): Promise<void> {
    const path = this.pathOf(key)
    await this.#holds.over()
    await rm(path, { force: true })
    this.#open.drop(path)
  }

  async exists(key: string): Promise<boolean> {
    return access(this.pathOf(key)).then(
      () => true,
      () => false,
    )
  }

  async *list(): AsyncGenerator<{ key: string; size: number }> {
    yield* this.#listIn('')
  }

  async *#listIn(prefix: string): AsyncGenerator<{ key: string; size: number }> {
    for (const entry of await readdir(join(this.directory, prefix), { withFileTypes: true })) {
      if (entry.name === TEMPORARY) continue
      const key = prefix === '' ? entry.name : `${prefix}/${entry.name}`
      if (entry.isDirectory()) yield* this.#listIn(key)
      else if (entry.isFile()) {
        const info = await stat(join(this.directory, key)).catch(() => undefined)
        if (info !== undefined) yield { key, size: info.size }
      }
    }
  }

  hold(): () => void {
    return this.#holds.hold()
  }

  async ready(): Promise<void> {
    await access(this.directory)
  }

  pathOf(key: string): string {
    checkKey(key)
    return join(this.directory, key.replaceAll('/', sep))
  }

  /** Makes a directory so that it survives a power cut: its name is in its parent, which is synced too. */
  async #makeDirectory(path: string): Promise<void> {
    if (path === this.directory || this.#known.has(path)) return
    await this.#makeDirectory(dirname(path))
    await mkdir(path, { recursive: true, mode: 0o700 })
    await syncDirectory(dirname(path))
    this.#known.add(path) // bounded by how keys begin: two hexadecimal digits
  }
}

async function found<T>(key: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BlobNotFound(key)
    throw error
  }
}
