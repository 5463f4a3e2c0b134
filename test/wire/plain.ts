// Requests and answers of any library as plain TL objects (`_`, camelCase, bigint where a long does not fit), so that a
// test says once what it asks and what it expects, and each library still writes, sends and reads it by itself.

/** A peer by its marked id, named to the library in the way that it knows it: its own access hash, from its own cache. */
export interface Named {
  named: 'peer' | 'channel' | 'user'
  id: number
}

export const peer = (id: number): Named => ({ named: 'peer', id })
export const channel = (id: number): Named => ({ named: 'channel', id })
export const user = (id: number): Named => ({ named: 'user', id })

export const isNamed = (value: object): value is Named => 'named' in value

export type Plain = Record<string, any>

/** Replaces every peer named by its marked id, at any depth. */
export async function resolved(value: unknown, resolve: (named: Named) => Promise<unknown>): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolved(item, resolve)))
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (isNamed(value)) return resolve(value)
  if (!('_' in value)) return value
  const entries = await Promise.all(Object.entries(value).map(async ([k, v]) => [k, await resolved(v, resolve)]))
  return Object.fromEntries(entries)
}

const fitting = (digits: string): number | bigint => {
  const big = BigInt(digits)
  return big >= Number.MIN_SAFE_INTEGER && big <= Number.MAX_SAFE_INTEGER ? Number(big) : big
}

const lowered = (className: string): string => className.replace(/[A-Z]/, (first) => first.toLowerCase())

/** What mtcute answered: its longs are objects. */
export function fromMtcute(value: any): any {
  if (Array.isArray(value)) return value.map(fromMtcute)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if ('low' in value && 'unsigned' in value) return fitting(value.toString())
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fromMtcute(v)]))
}

/** A request as mtcute takes it. */
export function toMtcute(value: any, toLong: (big: bigint) => unknown): any {
  if (typeof value === 'bigint') return toLong(value)
  if (Array.isArray(value)) return value.map((item) => toMtcute(item, toLong))
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || !('_' in value)) return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, toMtcute(v, toLong)]))
}

/** What GramJS and its heirs answered: instances of classes named like the constructors. */
export function fromGramjs(value: any): any {
  if (Array.isArray(value)) return Array.from(value, fromGramjs)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (typeof value.className !== 'string') return isBigInteger(value) ? fitting(value.toString()) : value
  const out: Plain = { _: lowered(value.className) }
  for (const [key, field] of Object.entries(value.originalArgs ?? {})) out[key] = fromGramjs(field)
  return out
}

const isBigInteger = (value: any): boolean => typeof value.toJSNumber === 'function'

/** A request as GramJS takes it: instances of its own classes. */
export function toGramjs(Api: any, value: any, toBig: (digits: string) => unknown): any {
  if (typeof value === 'bigint') return toBig(value.toString())
  if (Array.isArray(value)) return value.map((item) => toGramjs(Api, item, toBig))
  if (typeof value !== 'object' || value === null || !('_' in value)) return value
  const path = (value._ as string).split('.')
  const last = path.pop()!
  const home = path.reduce((at, name) => at[name], Api)
  const { _, ...fields } = value
  const args = Object.entries(fields).map(([k, v]) => [k, toGramjs(Api, v, toBig)])
  return new home[last[0]!.toUpperCase() + last.slice(1)](Object.fromEntries(args))
}
