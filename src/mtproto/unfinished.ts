// The beginning of what has not come whole.
import type { Server } from './server.ts'
import { giveSlab, LARGE, Lease, takeSlab } from './slabs.ts'

const EMPTY = Buffer.alloc(0)

/** What a connection keeps till the rest of a frame comes. Its bytes count among those of all connections. */
export class Unfinished {
  /** Bytes that are here. */
  have = 0
  readonly #server: Server
  #buffer: Buffer = EMPTY
  // Whether the buffer is a slab that is still ours.
  #slab = false

  constructor(server: Server) {
    this.#server = server
  }

  /** What is here; valid till something is added. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.have)
  }

  /**
   * Adds bytes. The buffer doubles, till a sixteenth of the frame is there: then all of it has room.
   * @param whole bytes of the frame, 0 while that is not known
   * @returns false when all connections together keep too much
   */
  add(bytes: Buffer, whole: number): boolean {
    const need = this.have + bytes.length
    if (need > this.#buffer.length) {
      const all = need <= whole && need * 16 >= whole
      const slab = all && whole >= LARGE
      const grown = slab ? takeSlab(whole) : Buffer.allocUnsafeSlow(all ? whole : Math.max(need, this.have * 2))
      this.#buffer.copy(grown, 0, 0, this.have)
      this.#store(grown)
      this.#slab = slab
      if (this.#server.partial > this.#server.options.maxPartial) return false
    }
    bytes.copy(this.#buffer, this.have)
    this.have = need
    return true
  }

  /** What is here is a slab: from here on it is not ours, and whoever holds it last gives it back. */
  lease(): Lease | undefined {
    if (!this.#slab) return undefined
    this.#slab = false
    return new Lease(this.#buffer)
  }

  /** Nothing of it is kept any more. */
  end(): void {
    this.#store(EMPTY)
    this.have = 0
  }

  #store(buffer: Buffer): void {
    this.#server.partial += buffer.length - this.#buffer.length
    if (this.#slab) giveSlab(this.#buffer)
    this.#slab = false
    this.#buffer = buffer
  }
}
