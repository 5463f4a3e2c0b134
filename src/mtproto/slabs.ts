// Memory for large frames, in both directions, that is used again. A fresh buffer of half a MiB costs the system some
// hundred page faults, and V8 a full collection for every few dozen of them.

/** From how many bytes on a frame takes a slab. */
export const LARGE = 96 * 1024
/** What a slab holds: the largest frame there is. */
const SLAB = 1152 * 1024
/** Room before a piece of a file, for the rest of the frame that it leaves in; behind it there is more. */
const BEFORE = 256
/** A piece of a file. */
const PIECE = 1024 * 1024
/** Slabs that wait to be used again, and for how long, ms. */
const MOST = 64
const IDLE_MS = 5000

const free: ArrayBufferLike[] = []
let usedAt = 0
let timer: NodeJS.Timeout | undefined

/** A buffer that is handed on with `giveSlab`, or forgotten like any other. Its bytes are what they were. */
export function takeSlab(bytes: number): Buffer {
  if (bytes > SLAB) return Buffer.allocUnsafeSlow(bytes)
  usedAt = performance.now()
  const buffer = free.pop()
  return buffer === undefined ? Buffer.allocUnsafeSlow(SLAB).subarray(0, bytes) : Buffer.from(buffer, 0, bytes)
}

/** Memory for a piece of a file with room round it: a frame is made of it where it is. The same as `takeSlab` else. */
export function takePiece(bytes: number): Buffer {
  if (bytes > PIECE) throw new RangeError('a piece of a file is at most 1 MiB')
  return takeSlab(SLAB).subarray(BEFORE, BEFORE + bytes)
}

/** Nothing looks at this buffer any more, nor at any view of it. Each may be given once. */
export function giveSlab(bytes: Uint8Array): void {
  const { buffer } = bytes
  if (buffer.byteLength !== SLAB || free.length >= MOST || free.includes(buffer)) return
  free.push(buffer)
  timer ??= setInterval(sweep, IDLE_MS).unref()
}

function sweep(): void {
  if (performance.now() - usedAt < IDLE_MS) return
  free.length = 0
  clearInterval(timer)
  timer = undefined
}

/** A slab that several requests of one frame lie in: given back when all of them have let go. */
export class Lease {
  private readonly slab: Buffer
  private holders = 1

  constructor(slab: Buffer) {
    this.slab = slab
  }

  /** One more holder: what it is to call, once, when it is done. Who never does leaves the slab to the collector. */
  hold(): () => void {
    this.holders++
    let held = true
    return () => {
      if (held) this.drop()
      held = false
    }
  }

  drop(): void {
    if (--this.holders === 0) giveSlab(this.slab)
  }
}
