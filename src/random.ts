import { randomBytes } from 'node:crypto'

const BLOCK = 8192
/** What is longer is drawn by itself. */
const SHORT = 64

/**
 * Random bytes from the system's source, which for a few bytes costs as much as for a block: they come out of blocks,
 * each byte once.
 */
export function randomSource(): (bytes: number) => Buffer {
  let block = Buffer.alloc(0)
  let at = 0
  return (bytes) => {
    if (bytes > SHORT) return randomBytes(bytes)
    if (at + bytes > block.length) {
      block = randomBytes(BLOCK)
      at = 0
    }
    const out = Buffer.alloc(bytes)
    block.copy(out, 0, at, at + bytes)
    block.fill(0, at, at + bytes)
    at += bytes
    return out
  }
}
