import { createHash } from 'node:crypto'
import type * as tl from '../../tl/gen/types.ts'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** JSON as TL has it. https://core.telegram.org/type/JSONValue */
export function toJsonValue(value: Json): tl.JSONValue {
  if (value === null) return { _: 'jsonNull' }
  if (typeof value === 'string') return { _: 'jsonString', value }
  if (typeof value === 'number') return { _: 'jsonNumber', value }
  if (typeof value === 'boolean') return { _: 'jsonBool', value }
  if (Array.isArray(value)) return { _: 'jsonArray', value: value.map(toJsonValue) }
  const fields = Object.entries(value)
  return {
    _: 'jsonObject',
    value: fields.map(([key, item]) => ({ _: 'jsonObjectValue', key, value: toJsonValue(item) })),
  }
}

/** A positive 31-bit number that changes with the content, for `hash` parameters. */
export function jsonHash(value: Json): number {
  return createHash('sha256').update(JSON.stringify(value)).digest().readUInt32LE() >>> 1 || 1
}
