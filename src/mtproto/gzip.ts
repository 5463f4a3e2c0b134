// gzip_packed as clients send it. https://core.telegram.org/mtproto/service_messages#packed-object
import { unzipSync } from 'node:zlib'
import { Reader } from '../tl/reader.ts'
import { GZIP_PACKED } from './ids.ts'

/** How often a packed object may be packed again. */
const NESTING = 2

const reader = new Reader(new Map())

/** The object in a gzip_packed, at most `limit` bytes at every step; undefined when it is damaged or larger. */
export function gunzip(packed: Uint8Array, limit: number): Buffer | undefined {
  let object: Uint8Array = packed
  for (let depth = 0; depth < NESTING; depth++) {
    try {
      reader.reset(object)
      reader.int()
      const out = unzipSync(reader.bytes(), { maxOutputLength: limit })
      reader.release()
      if (out.length < 4 || (out.length & 3) !== 0) return undefined
      if (out.readInt32LE(0) !== GZIP_PACKED) return out
      object = out
    } catch {
      return undefined
    }
  }
  return undefined
}
