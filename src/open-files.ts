import { close, open, read } from 'node:fs'

/** Files open at once, and how long one stays open that nobody reads, in ms. */
const MOST = 128
const IDLE_MS = 5000

interface OpenFile {
  readonly fd: Promise<number>
  readers: number
  /** Nobody new may read it; it is closed when its last reader is done. */
  gone: boolean
  usedAt: number
}

/**
 * Files that are read in many pieces, each opened once: opening, asking for the size and closing again would cost more
 * than reading a piece. What is replaced or deleted is dropped first, so that nobody reads what was there before.
 */
export class OpenFiles {
  /** The one used last is at the end. */
  readonly #files = new Map<string, OpenFile>()
  #timer: NodeJS.Timeout | undefined

  /** At most `length` bytes from `offset`; fewer at the end. Fails as opening the file does. */
  async read(path: string, offset: number, length: number, into?: Buffer): Promise<Buffer> {
    const file = this.#take(path)
    try {
      const fd = await file.fd
      const bytes = into?.subarray(0, length) ?? Buffer.allocUnsafeSlow(length)
      let done = 0
      while (done < length) {
        const more = await readAt(fd, bytes, done, offset + done)
        if (more === 0) return bytes.subarray(0, done)
        done += more
      }
      return bytes
    } finally {
      file.readers--
      this.#closeIfDone(file)
    }
  }

  /** The path is to name another file, or none. */
  drop(path: string): void {
    const file = this.#files.get(path)
    if (!file) return
    this.#files.delete(path)
    file.gone = true
    this.#closeIfDone(file)
  }

  #take(path: string): OpenFile {
    let file = this.#files.get(path)
    if (file) this.#files.delete(path)
    else {
      file = { fd: openAt(path), readers: 0, gone: false, usedAt: 0 }
      file.fd.catch(() => this.drop(path))
      if (this.#files.size >= MOST) this.drop(this.#files.keys().next().value!)
      this.#timer ??= setInterval(() => this.#sweep(), IDLE_MS).unref()
    }
    this.#files.set(path, file)
    file.readers++
    file.usedAt = performance.now()
    return file
  }

  #sweep(): void {
    const before = performance.now() - IDLE_MS
    for (const [path, file] of this.#files) {
      if (file.usedAt > before) break
      this.drop(path)
    }
    if (this.#files.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #closeIfDone(file: OpenFile): void {
    if (!file.gone || file.readers > 0) return
    file.fd.then(
      (fd) => close(fd),
      () => {},
    )
  }
}

function openAt(path: string): Promise<number> {
  return new Promise((resolve, reject) => open(path, 'r', (error, fd) => (error ? reject(error) : resolve(fd))))
}

function readAt(fd: number, bytes: Buffer, at: number, position: number): Promise<number> {
  return new Promise((resolve, reject) =>
    read(fd, bytes, at, bytes.length - at, position, (error, n) => (error ? reject(error) : resolve(n))),
  )
}
