import { createHash } from 'node:crypto'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { locate } from './locations.ts'

/** Bytes under one hash, and how many hashes one answer has. */
const BLOCK = 128 * 1024
const BLOCKS = 8

/** Hashes of the blocks from the one that `offset` is in. https://core.telegram.org/method/upload.getFileHashes */
export default method(
  'upload.getFileHashes',
  async (ctx, { location, offset }) => {
    const file = await locate(ctx, location)
    const first = Math.max(0, Math.floor(offset / BLOCK)) * BLOCK
    const length = Math.max(0, Math.min(BLOCK * BLOCKS, file.size - first))
    const bytes = length > 0 ? await ctx.app.blobs.get(file.key, file.from + first, length) : Buffer.alloc(0)
    const hashes: tl.FileHash[] = []
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const block = bytes.subarray(at, at + BLOCK)
      const hash = createHash('sha256').update(block).digest()
      hashes.push({ _: 'fileHash', offset: first + at, limit: block.length, hash })
    }
    return hashes
  },
  { flood: 'upload' },
)
