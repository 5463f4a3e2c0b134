// What settings are checked with, by hand: a library of checks took a twelfth of a start and as much of the memory at rest.

/** A value that cannot be used: where it stands, what was expected. */
export class Unusable extends Error {
  readonly path: readonly string[]
  /** That the setting itself is not known, whatever its value. */
  readonly unknown: boolean

  constructor(path: readonly string[], message: string, unknown = false) {
    super(message)
    this.path = path
    this.unknown = unknown
  }
}

/** Gives what a value stands for; undefined is one that is not given. @throws Unusable */
export type Check<T> = (raw: unknown, path: readonly string[]) => T

type Fields = Record<string, Check<unknown>>
type Optional<F extends Fields> = { [K in keyof F]: undefined extends ReturnType<F[K]> ? K : never }[keyof F]
type Flat<T> = { [K in keyof T]: T[K] }

/** What a check gives. */
export type Checked<C extends Check<unknown>> = ReturnType<C>

/** The same with anything left out. */
export type Partly<T> = { [K in keyof T]?: (T[K] extends object ? Partly<T[K]> : T[K]) | undefined }

/** A value that `read` understands, which gives undefined for any other. */
export function value<T>(expected: string, read: (raw: unknown) => T | undefined): Check<T> {
  return (raw, path) => {
    const found = read(raw)
    if (found === undefined) throw new Unusable(path, expected)
    return found
  }
}

export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (raw, path) =>
    raw === undefined ? undefined : check(raw, path)

export const usually =
  <T>(check: Check<T>, usual: T): Check<T> =>
  (raw, path) =>
    raw === undefined ? usual : check(raw, path)

/** A whole number as JSON has it. */
export function wholeNumber(min: number, max: number): Check<number> {
  return value(`expected a whole number between ${min} and ${max}`, (raw) =>
    Number.isSafeInteger(raw) && (raw as number) >= min && (raw as number) <= max ? (raw as number) : undefined,
  )
}

/** An object of these fields and no others; one that is not given is as if it were empty. */
export function fields<F extends Fields>(
  checks: F,
): Check<Flat<{ [K in Exclude<keyof F, Optional<F>>]: Checked<F[K]> } & { [K in Optional<F>]?: Checked<F[K]> }>> {
  return (raw = {}, path) => {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new Unusable(path, 'expected an object')
    const out: Record<string, unknown> = {}
    for (const [name, check] of Object.entries(checks)) {
      const found = check((raw as Record<string, unknown>)[name], [...path, name])
      if (found !== undefined) out[name] = found
    }
    const unknown = Object.keys(raw).find((name) => !Object.hasOwn(checks, name))
    if (unknown !== undefined) throw new Unusable([...path, unknown], 'unknown setting', true)
    return out as never
  }
}
