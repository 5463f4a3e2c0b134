import { BOT_ONLY, ERROR_CODES, METHOD_ERRORS, METHOD_RESULTS, USER_ONLY } from './gen/info.js'
import type { MethodName } from './gen/types.ts'

/** What is published of a method. */
export interface MethodInfo {
  name: string
  /** The boxed type of its answer: `Updates`, `Bool`, `Vector<int>`. */
  result: string
  /** Only for people: bots are refused with BOT_METHOD_INVALID. */
  userOnly: boolean
  /** Only for bots: people are refused with USER_BOT_REQUIRED. */
  botOnly: boolean
  /** Names of errors published for it; `%d` stands for a number. */
  errors: ReadonlySet<string>
}

interface Known extends MethodInfo {
  codes: ReadonlyMap<string, number>
}

const infos = new Map<string, Known>()

function info(name: string): Known | undefined {
  const known = infos.get(name)
  if (known) return known
  const results = METHOD_RESULTS.get(name)
  if (!results) return undefined
  const codes = new Map<string, number>()
  for (const entry of METHOD_ERRORS.get(name) ?? []) {
    const [error, code] = entry.split(':') as [string, string | undefined]
    codes.set(error, code === undefined ? ERROR_CODES.get(error)! : Number(code))
  }
  const made = {
    name,
    result: results[0]![2],
    userOnly: USER_ONLY.has(name),
    botOnly: BOT_ONLY.has(name),
    errors: new Set(codes.keys()),
    codes,
  }
  infos.set(name, made)
  return made
}

/** What is published of a method, or undefined if there is no such method. */
export function methodInfo(name: MethodName | (string & {})): MethodInfo | undefined {
  return info(name)
}

/** `FLOOD_WAIT_30` to `FLOOD_WAIT_%d`, as error lists have it; other names stay. */
export function errorPattern(name: string): string {
  return ERROR_CODES.has(name) ? name : name.replace(/_\d+/, '_%d')
}

/**
 * The code that goes with an error's name: what the list of the method's errors says, else what the error has
 * elsewhere; undefined for a name that is in no list.
 *
 * See https://core.telegram.org/api/errors
 */
export function errorCode(method: string, name: string): number | undefined {
  const pattern = errorPattern(name)
  return info(method)?.codes.get(pattern) ?? ERROR_CODES.get(pattern)
}

/** The boxed type of a method's answer in a layer. */
export function resultType(method: string, layer: number): string {
  const rows = METHOD_RESULTS.get(method)
  if (!rows) return ''
  for (const [first, last, type] of rows) if (first <= layer && layer <= last) return type
  return rows[0]![2]
}

/** Whether a layer has a method (under whatever name), so that its clients can call it. */
export function methodInLayer(method: string, layer: number): boolean {
  return METHOD_RESULTS.get(method)?.some(([first, last]) => first <= layer && layer <= last) ?? false
}
