// Random bytes for padding, taken from a block so that a message costs no system call.
const BLOCK = 16384

export class RandomPool {
  private block: Buffer = Buffer.alloc(0)
  private at = 0
  private readonly source: (n: number) => Buffer

  constructor(source: (n: number) => Buffer) {
    this.source = source
  }

  /** Fills `out[from .. to]`, at most a block. */
  fill(out: Uint8Array, from: number, to: number): void {
    const n = to - from
    if (this.at + n > this.block.length) {
      this.block = this.source(BLOCK)
      this.at = 0
    }
    const { block, at } = this
    for (let i = 0; i < n; i++) out[from + i] = block[at + i]!
    this.at += n
  }

  byte(): number {
    if (this.at >= this.block.length) {
      this.block = this.source(BLOCK)
      this.at = 0
    }
    return this.block[this.at++]!
  }
}
