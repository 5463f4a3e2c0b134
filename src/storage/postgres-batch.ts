import type pg from 'pg'
import * as wire from './postgres-wire.ts'

/** A value as it goes over the wire: text, or bytes. */
export type Bound = string | Buffer | null

/** What a statement gave: its rows, undefined for one that gives none, and how many rows it read or changed. */
export interface Outcome {
  readonly rows: unknown[] | undefined
  readonly count: number
  /** The command as the server names it, `INSERT 0 1`. */
  readonly tag: string
}

/** One statement of a batch. */
export interface Statement {
  /** The name under which each connection keeps it prepared; undefined for one that is seldom asked. */
  readonly name: string | undefined
  readonly text: string
  readonly values: readonly Bound[]
  done?(outcome: Outcome): void
  failed?(error: Error): void
}

/** How the texts of a column's type (by its number) become values. */
export type Parsers = (type: number) => (text: string) => unknown

type RowMaker = (values: (string | null)[]) => unknown

/** A statement that a connection keeps. */
interface Kept {
  /** Makes its rows; undefined for one that gives none. */
  row: RowMaker | undefined
  /** An error came before it was known whether the server has it. */
  doubtful: boolean
}

const kept = new WeakMap<object, Map<string, Kept>>()

/**
 * Statements that go to the server in one piece and are answered in one piece: a round trip, and a wake of each side,
 * for all of them. The first that fails ends the batch: those after it have not run, and fail with it. Given to
 * `client.query`, as pg's cursors are.
 *
 * A statement with a name is parsed, planned and described once per connection, and only bound and run from then on.
 */
export class Batch {
  readonly statements: readonly Statement[]
  readonly #parsers: Parsers
  readonly #over: (error?: Error) => void
  #known!: Map<string, Kept>
  /** What each statement's rows are made by. */
  #kept: (Kept | undefined)[] = []
  /** Those that were parsed with this batch. */
  #parsed = new Set<Kept>()
  #at = 0
  #rows: unknown[] = []
  #broken: Error | undefined

  /** @param over called once when the connection takes the next batch (after an error with what went wrong) */
  constructor(statements: readonly Statement[], parsers: Parsers, over: (error?: Error) => void) {
    this.statements = statements
    this.#parsers = parsers
    this.#over = over
  }

  /** @returns what cannot be said at all (too many parameters): then nothing was, and the connection goes on */
  submit(connection: pg.Connection): Error | undefined {
    let known = kept.get(connection)
    if (known === undefined) kept.set(connection, (known = new Map()))
    this.#known = known
    try {
      for (const statement of this.statements) this.#say(statement)
      wire.sync()
    } catch (error) {
      wire.dropped()
      return error as Error
    }
    if (connection.stream.writable) connection.stream.write(wire.taken())
    else wire.dropped() // its end is told presently
    return undefined
  }

  #say({ name, text, values }: Statement): void {
    const before = name === undefined ? undefined : this.#known.get(name)
    const ready = before !== undefined && !before.doubtful
    const now = ready ? before : { row: undefined, doubtful: false }
    if (!ready) {
      if (before !== undefined) wire.closeStatement(name!)
      wire.parse(name ?? '', text)
      this.#parsed.add(now)
      if (name !== undefined) this.#known.set(name, now)
    }
    wire.bind(name ?? '', values)
    if (!ready) wire.describePortal()
    wire.execute()
    this.#kept.push(now)
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.#kept[this.#at]!.row = rowMaker(fields, this.#parsers)
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (this.#broken !== undefined) return
    try {
      this.#rows.push(this.#kept[this.#at]!.row!(fields))
    } catch (error) {
      this.#broken = error as Error // a number too large: told when its statement is complete
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const statement = this.statements[this.#at]!
    const rows = this.#kept[this.#at]!.row === undefined ? undefined : this.#rows
    const error = this.#broken
    this.#at++
    this.#rows = []
    this.#broken = undefined
    if (error !== undefined) statement.failed?.(error)
    else statement.done?.({ rows, count: Number(text.slice(text.lastIndexOf(' ') + 1)) || 0, tag: text })
  }

  /** The server refused a statement, or the connection broke: pg tells nothing more of this batch. */
  handleError(error: Error): void {
    for (let i = this.#at; i < this.statements.length; i++) {
      const one = this.#kept[i]
      if (one !== undefined && this.#parsed.has(one)) one.doubtful = true
      this.statements[i]!.failed?.(error)
    }
    this.#at = this.statements.length
    this.#over(error)
  }

  handleReadyForQuery(): void {
    this.#over()
  }
}

const makers = new Map<string, RowMaker>()
const MAKERS = 2000

/**
 * Straight-line code that names a row's values: all rows of a shape share one hidden class, and the columns are not
 * looked up by name for each of them.
 */
function rowMaker(fields: readonly { name: string; dataTypeID: number }[], parsers: Parsers): RowMaker {
  const shape = JSON.stringify(fields.map((field) => [field.name, field.dataTypeID]))
  const known = makers.get(shape)
  if (known !== undefined) return known
  const parse = fields.map((field) => parsers(field.dataTypeID))
  const cells = fields.map(({ name }, i) => `${JSON.stringify(name)}: v[${i}] === null ? null : p${i}(v[${i}])`)
  const make = new Function(...parse.map((_, i) => `p${i}`), `return (v) => ({ ${cells.join(', ')} })`)
  const maker = make(...parse) as RowMaker
  if (makers.size >= MAKERS) makers.clear()
  makers.set(shape, maker)
  return maker
}
