import type { Bound } from './postgres-batch.ts'

function safeNumber(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) throw new RangeError(`${text} exceeds 2^53`)
  return number
}

/** Rows take the shapes that SQLite gives: numbers (of sums too) and plain Uint8Arrays. By type id. */
export const parsers: Record<number, (text: string) => unknown> = {
  17: (text) => {
    const bytes = Buffer.from(text.slice(2), 'hex') // \x...
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  },
  20: safeNumber, // int8
  1700: safeNumber, // numeric
}

/** A value of ours as it goes over the wire. */
export function toPostgres(value: unknown): Bound {
  switch (typeof value) {
    case 'string':
      return value.includes('\0') ? value.replaceAll('\0', '') : value // as on SQLite
    case 'number':
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError(`${value} exceeds 2^53`)
      return String(value)
    case 'bigint':
      return String(value)
    case 'boolean':
      return value ? '1' : '0'
    case 'undefined':
      throw new TypeError('a value that is undefined cannot be bound to a query')
  }
  if (value === null) return null
  if (value instanceof Uint8Array) {
    return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
  if (Array.isArray(value)) return `{${value.map(element).join(',')}}`
  throw new TypeError(`a ${typeof value} cannot be bound to a query`)
}

/** One of a list bound as a parameter (`d.each`). */
function element(value: unknown): string {
  const bound = toPostgres(value)
  if (bound === null) return 'NULL'
  if (typeof bound !== 'string') throw new TypeError('a list of bytes cannot be bound to a query')
  return typeof value === 'string' ? `"${bound.replace(/["\\]/g, '\\$&')}"` : bound
}
