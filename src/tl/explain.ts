// The slow path of a failed write: finds the field that does not fit.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { layerTable } from './layers.ts'
import { type Arg, type Combinator, parseSchema, SCHEMA_DIR } from './schema.ts'
import { Writer } from './writer.ts'

let schema: Map<string, Combinator> | undefined

function newest(): Map<string, Combinator> {
  schema ??= new Map(parseSchema(readFileSync(join(SCHEMA_DIR, 'api.tl'), 'utf8'), 0).map((c) => [c.name, c]))
  return schema
}

/** Says where in an object a write went wrong: `updates.updates[0].date: int expected, not undefined`. */
export function explain(object: unknown, layer: number, error: Error): string {
  const probe = new Writer(layerTable(layer), 1024)
  const path: string[] = []
  let at: any = object
  deeper: for (let depth = 0; depth < 1000; depth++) {
    if (at === null || typeof at !== 'object') break
    if (typeof at._ === 'string') path.push(path.length === 0 ? at._ : `(${at._})`)
    for (const [key, value] of Object.entries(at))
      for (const [i, one] of (Array.isArray(value) ? value : [value]).entries()) {
        if (one === null || typeof one !== 'object' || typeof one._ !== 'string') continue
        if (!failsWith(probe, one, error.message)) continue
        path.push(Array.isArray(at) ? `[${key}]` : Array.isArray(value) ? `.${key}[${i}]` : `.${key}`)
        at = one
        continue deeper
      }
    const field = at._ === undefined ? undefined : wrongField(at)
    if (field !== undefined) return `${path.join('')}${field}`
    break
  }
  return `${path.join('')}: ${error.message}`
}

function failsWith(probe: Writer, object: any, message: string): boolean {
  probe.pos = 0
  try {
    probe.obj(object)
    return false
  } catch (e) {
    return (e as Error).message === message
  }
}

function wrongField(object: any): string | undefined {
  for (const a of newest().get(object._)?.args ?? []) {
    if (a.type === '#') continue
    const value = object[a.key]
    if (value == null && a.flag) continue
    if (!right(a, value)) {
      const expected = a.vector ? `Vector<${a.type}>` : a.type
      return `.${a.key}: ${expected} expected, not ${describe(value)}`
    }
  }
  return undefined
}

function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null) return (value as any)._ ?? value.constructor?.name ?? 'an object'
  return typeof value === 'string' ? `the string '${value.slice(0, 40)}'` : String(value)
}

function right(a: Arg, value: any): boolean {
  if (a.vector) return Array.isArray(value) && value.every((v) => right({ ...a, vector: undefined }, v))
  switch (a.type) {
    case 'int':
      return (value | 0) === value
    case 'int53':
      return Number.isSafeInteger(value)
    case 'double':
      return typeof value === 'number'
    case 'long':
      return typeof value === 'bigint'
    case 'string':
      return typeof value === 'string'
    case 'Bool':
    case 'true':
      return typeof value === 'boolean'
    case 'bytes':
      return value instanceof Uint8Array
    case 'int128':
      return value instanceof Uint8Array && value.length === 16
    case 'int256':
      return value instanceof Uint8Array && value.length === 32
    default:
      return typeof value === 'object' && value !== null
  }
}
