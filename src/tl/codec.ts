import { TlError } from './error.ts'
import { explain } from './explain.ts'
import { CONSTRUCTORS, METHODS, RESULTS as READ_RESULTS } from './gen/read.js'
import type * as tl from './gen/types.ts'
import { RESULTS as WRITE_RESULTS } from './gen/write.js'
import { RESULT_LOWERS } from './layers/results.ts'
import { LATEST_LAYER, layerTable } from './layers.ts'
import { resultType } from './methods.ts'
import { Reader, type ReadOptions } from './reader.ts'
import { Writer } from './writer.ts'

const reader = new Reader(METHODS)
const writer = new Writer(layerTable(LATEST_LAYER))

function read<T>(buf: Uint8Array, options: ReadOptions | undefined, one: (r: Reader) => T): T {
  reader.reset(buf, options)
  try {
    const value = one(reader)
    if (reader.pos !== reader.end) throw new TlError(`${reader.end - reader.pos} bytes too many`)
    return value
  } finally {
    reader.release()
  }
}

function boxed(r: Reader): tl.TlObject {
  const id = r.int()
  const one = CONSTRUCTORS.get(id) ?? METHODS.get(id)
  return one === undefined ? r.unknown(id, 'an object') : one(r)
}

/**
 * Reads one boxed object or method, of any known layer, lifted to the newest shape. All bytes must belong to it.
 * Fields that are not there are absent. Throws TlError, and nothing else.
 */
export function readObject<T extends tl.TlObject = any>(buf: Uint8Array, options?: ReadOptions): T {
  return read(buf, options, boxed) as T
}

/**
 * Reads a request of any known layer: a method, possibly inside wrappers (`invokeWithLayer`, `initConnection` ...),
 * which are read as objects whose `query` is the request inside. Throws TlError, and nothing else.
 *
 * See https://core.telegram.org/api/invoking
 */
export function readRequest<T = any>(buf: Uint8Array, options?: ReadOptions): T {
  return read(buf, options, (r) => r.query())
}

/** Reads the answer to a method, as `writeResult` writes it at this layer. */
export function readResult<M extends tl.MethodName>(
  method: M,
  buf: Uint8Array,
  layer: number = LATEST_LAYER,
): tl.Methods[M]['result'] {
  const one = READ_RESULTS[resultType(method, layer)]
  return read(buf, undefined, one ?? boxed) as tl.Methods[M]['result']
}

function write(w: Writer, layer: number, object: unknown, one: (w: Writer) => void): void {
  const start = w.pos
  const table = w.table
  w.table = layerTable(layer)
  try {
    one(w)
  } catch (e) {
    w.pos = start
    // A field that is missing or of the wrong type is found out again, slowly, to say which.
    throw new TlError(explain(object, layer, e as Error), { cause: e })
  } finally {
    w.table = table
  }
}

/** Writes an object or a method as a layer knows it. Throws TlError, which names the field that does not fit. */
export function writeObject(object: tl.TlObject, layer: number = LATEST_LAYER): Uint8Array<ArrayBuffer> {
  writer.reset()
  writeInto(writer, object, layer)
  return writer.copy()
}

/** `writeObject` into a writer of the caller's; what was in it stays if this throws. */
export function writeInto(w: Writer, object: tl.TlObject, layer: number = LATEST_LAYER): void {
  write(w, layer, object, (w) => w.obj(object))
}

/**
 * Writes the answer to a method as a layer knows it, which may be a bare vector, a Bool or a number, and may have
 * had another type then.
 */
export function writeResult<M extends tl.MethodName>(
  method: M,
  value: tl.Methods[M]['result'],
  layer: number = LATEST_LAYER,
): Uint8Array<ArrayBuffer> {
  writer.reset()
  writeResultInto(writer, method, value, layer)
  return writer.copy()
}

/** `writeResult` into a writer of the caller's. */
export function writeResultInto<M extends tl.MethodName>(
  w: Writer,
  method: M,
  value: tl.Methods[M]['result'],
  layer: number = LATEST_LAYER,
): void {
  const type = resultType(method, layer)
  const one = WRITE_RESULTS[type] ?? object
  const lower = RESULT_LOWERS[`${method}:${type}`]
  write(w, layer, value, (w) => one(w, lower === undefined ? value : lower(value)))
}

function object(w: Writer, value: any): void {
  w.obj(value)
}

/** A writer for the caller's own messages, to be filled with `writeInto` and the Writer's own methods. */
export function newWriter(bytes?: number): Writer {
  return new Writer(layerTable(LATEST_LAYER), bytes)
}
