// MTProto's own objects. msg_container, rpc_result and gzip_packed carry other messages and are read and written by
// src/mtproto itself, which needs only their ids.
import { TlError } from './error.ts'
import { CONSTRUCTORS, METHODS } from './gen/mt-read.js'
import type * as mt from './gen/mt-types.ts'
import { WRITERS } from './gen/mt-write.js'
import { Reader } from './reader.ts'
import { type WriteFn, Writer } from './writer.ts'

export const ID_MSG_CONTAINER = 0x73f1f8dc | 0
export const ID_RPC_RESULT = 0xf35c6d01 | 0
export const ID_GZIP_PACKED = 0x3072cfa1 | 0
export const ID_MSG_COPY = 0xe06046b2 | 0
export const ID_VECTOR = 0x1cb5c415 | 0
export const ID_BOOL_TRUE = 0x997275b5 | 0
export const ID_BOOL_FALSE = 0xbc799737 | 0

/** Any of MTProto's own objects and methods, as read. */
export type MtObject = mt.Constructors[keyof mt.Constructors] | mt.Request

const reader = new Reader(METHODS)
const table = new Map<string, WriteFn>()
for (const [name, , , write] of WRITERS) table.set(name, write)
const writer = new Writer(table, 1024)

/** Whether an id is one of MTProto's own objects or methods (those that readMt reads). */
export function isMtId(id: number): boolean {
  return CONSTRUCTORS.has(id) || METHODS.has(id)
}

/**
 * Reads one of MTProto's own objects or methods. What follows it is allowed only with `trailing`, as in the key
 * exchange, where padding stands behind the object. Throws TlError.
 */
export function readMt(buf: Uint8Array, options?: { trailing?: boolean }): MtObject {
  return readMtAt(buf, options).object
}

/** `readMt`, and how many bytes the object took. */
export function readMtAt(buf: Uint8Array, options?: { trailing?: boolean }): { object: MtObject; length: number } {
  reader.reset(buf)
  try {
    const id = reader.int()
    const one = METHODS.get(id) ?? CONSTRUCTORS.get(id)
    const object = one === undefined ? reader.unknown(id, 'an object of MTProto') : one(reader)
    if (!options?.trailing && reader.pos !== reader.end) throw new TlError('bytes after the object')
    return { object, length: reader.pos - buf.byteOffset }
  } finally {
    reader.release()
  }
}

/** Writes one of MTProto's own objects. Throws TlError. */
export function writeMt(object: MtObject): Uint8Array<ArrayBuffer> {
  writer.reset()
  writeMtInto(writer, object)
  return writer.copy()
}

/** `writeMt` into a writer of the caller's; what was in it stays if this throws. */
export function writeMtInto(w: Writer, object: MtObject): void {
  const start = w.pos
  const before = w.table
  w.table = table
  try {
    w.obj(object)
  } catch (e) {
    w.pos = start
    throw e instanceof TlError ? e : new TlError(`${object._}: ${(e as Error).message}`, { cause: e })
  } finally {
    w.table = before
  }
}
