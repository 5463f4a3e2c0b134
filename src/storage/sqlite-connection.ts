import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { CompiledQuery, QueryResult } from 'kysely'
import { sqliteDialect } from './dialect.ts'
import { type Connection, missing, type Prepared } from './query.ts'

interface Statement {
  readonly stmt: StatementSync
  /** Makes a row of the values that SQLite gives; undefined for a statement that gives no rows. */
  readonly row: ((values: unknown[]) => unknown) | undefined
  readonly writes: boolean
  /** The table it writes to, where its text says so; and whether it changes one row of it, by the last value. */
  readonly table: string | undefined
  readonly byId: boolean
}

/** A prepared query on this connection: binds its parameters by name, and runs. */
type PreparedRun = (stmt: StatementSync, params: object) => unknown

/** Texts of statements kept prepared: builders make as many as there are shapes (and lengths of lists) of queries. */
const CACHED = 500

const WRITES_TO = /^\s*(?:insert\s+(?:or\s+\w+\s+)?into|update(?:\s+or\s+\w+)?|delete\s+from)\s+"?(\w+)"?/i
const BY_ID = /^\s*(?:update|delete\s+from)\s.* where "id" = \?(?: returning [^?]*)?$/is
const READS = /^\s*(select|pragma|begin|savepoint|release|rollback|commit)\b/i

/**
 * One connection of node:sqlite: statements stay prepared, values and rows take the shapes that both databases share.
 * Everything here is synchronous; the promises around it only fit the interface.
 */
export class SqliteConnection {
  readonly db: DatabaseSync
  /** Whether a statement that may write ran since whoever watches this set it to false. */
  wrote = false
  /** Told of each write before it runs. */
  onWrite: ((table: string | undefined, id: unknown) => void) | undefined
  readonly #byText = new Map<string, Statement>()
  readonly #byQuery = new Map<Prepared, { statement: Statement; run: PreparedRun }>()

  constructor(db: DatabaseSync) {
    this.db = db
  }

  /** Runs one SQL text with its values, through the cache. */
  execute<R>(sql: string, values: readonly unknown[]): { rows: R[]; changes: number; insertId: number } {
    let statement = this.#byText.get(sql)
    if (statement === undefined) {
      statement = this.#prepare(sql)
      if (this.#byText.size >= CACHED) this.#byText.delete(this.#byText.keys().next().value!)
    } else this.#byText.delete(sql)
    this.#byText.set(sql, statement) // the last one is the one used last
    const { stmt, row } = statement
    if (statement.writes) this.#willWrite(statement, statement.byId ? values[values.length - 1] : undefined)
    if (row === undefined) {
      const result = stmt.run(...values.map(toSqlite))
      return { rows: [], changes: Number(result.changes), insertId: Number(result.lastInsertRowid) }
    }
    const rows = made<R>(stmt.all(...values.map(toSqlite)), row)
    return { rows, changes: rows.length, insertId: 0 }
  }

  prepared<R>(p: Prepared, params: object): R[] {
    let known = this.#byQuery.get(p)
    if (known === undefined) {
      const statement = this.#prepare(p.sql)
      known = { statement, run: compile(p, statement.row === undefined ? 'run' : 'all') }
      this.#byQuery.set(p, known)
    }
    const { stmt, row, writes } = known.statement
    if (writes) this.#willWrite(known.statement, known.statement.byId ? lastValue(p, params) : undefined)
    const result = known.run(stmt, params)
    if (row !== undefined) return made<R>(result, row)
    return [{ changes: Number((result as { changes: number | bigint }).changes) } as R]
  }

  /** Forgets the prepared statements: after a change of schema their columns would be stale. */
  forget(): void {
    this.#byText.clear()
    this.#byQuery.clear()
  }

  #prepare(sql: string): Statement {
    const stmt = this.db.prepare(sql)
    // Arrays, not the objects of node:sqlite: those are made slower, and without a prototype compare unequal to {}.
    stmt.setReturnArrays(true)
    const columns = stmt.columns().map((column) => column.name)
    return {
      stmt,
      row: columns.length === 0 ? undefined : rowOf(columns),
      writes: !READS.test(sql),
      table: WRITES_TO.exec(sql)?.[1],
      byId: BY_ID.test(sql),
    }
  }

  #willWrite({ table }: Statement, id: unknown): void {
    this.wrote = true
    this.onWrite?.(table, id)
  }
}

/** What a query binds last; undefined for a constant. */
function lastValue(p: Prepared, params: object): unknown {
  const slot = p.slots[p.slots.length - 1]
  return slot === undefined || 'constant' in slot ? undefined : (params as Record<string, unknown>)[slot.placeholder]
}

function made<R>(result: unknown, row: (values: unknown[]) => unknown): R[] {
  const rows = result as unknown[]
  for (let i = 0; i < rows.length; i++) rows[i] = row(rows[i] as unknown[])
  return rows as R[]
}

/**
 * Straight-line code that names a row's values, so that all rows of a statement share one hidden class: filled in a
 * loop over the names, objects as wide as a message take several times as long to make and to read.
 */
function rowOf(columns: readonly string[]): (values: unknown[]) => unknown {
  const fields = columns.map((name, i) => `${JSON.stringify(name)}: v[${i}]`)
  return new Function('v', `return { ${fields.join(', ')} }`) as (values: unknown[]) => unknown
}

/** Straight-line code that takes a query's parameters by their names. Throws when one is missing. */
function compile(p: Prepared, how: 'run' | 'all'): PreparedRun {
  const values = p.slots.map((slot, i) =>
    'constant' in slot ? `constants[${i}]` : `bound(params[${JSON.stringify(slot.placeholder)}], ${i})`,
  )
  const constants = p.slots.map((slot) => ('constant' in slot ? toSqlite(slot.constant) : undefined))
  const bound = (value: unknown, i: number) => {
    if (value === undefined) throw missing(p, i)
    return toSqlite(value)
  }
  const make = new Function('constants', 'bound', `return (stmt, params) => stmt.${how}(${values.join(', ')})`)
  return make(constants, bound) as PreparedRun
}

type SqliteValue = null | number | bigint | string | Uint8Array

/**
 * @NOTE node:sqlite binds every JS number as a REAL. A column's affinity makes an integer of it where it is stored or
 * compared, so this shows only in bare arithmetic on parameters (`? / 2` divides as reals do).
 */
function toSqlite(value: unknown): SqliteValue {
  switch (typeof value) {
    case 'number':
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError(`${value} exceeds 2^53`)
      return value
    case 'string':
      // Postgres cannot hold a NUL in text, so neither do we.
      return value.includes('\0') ? value.replaceAll('\0', '') : value
    case 'boolean':
      return value ? 1 : 0
    case 'bigint':
      return value
  }
  if (value === null || value instanceof Uint8Array) return value as null | Uint8Array
  if (Array.isArray(value)) return JSON.stringify(value) // see Dialect.each
  throw new TypeError(`a ${value === undefined ? 'value that is undefined' : typeof value} cannot be bound to a query`)
}

/** What Kysely and prepared queries see of a connection: all the time, or during one transaction. */
export class SqliteHandle implements Connection {
  readonly d = sqliteDialect
  /** Set when nothing may run here any more: why, as an error or in words. */
  over: Error | string | undefined
  /** When its transaction began, by performance.now(), and what ends it before its time. */
  since = 0
  expire: ((error: Error) => void) | undefined
  readonly #connection: SqliteConnection

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  check(): void {
    if (this.over !== undefined) throw typeof this.over === 'string' ? new Error(this.over) : this.over
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.check()
    const { rows, changes, insertId } = this.#connection.execute<R>(query.sql, query.parameters)
    return { rows, numAffectedRows: BigInt(changes), insertId: BigInt(insertId) }
  }

  // biome-ignore lint/correctness/useYield: it only refuses
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    // An open cursor would hold its snapshot across turns of the event loop, and with it the write-ahead log.
    throw new Error('no streaming: read by ranges of the key')
  }

  prepared<R>(p: Prepared, params: object): Promise<R[]> {
    // No async function: there are some ten of these to a message.
    try {
      this.check()
      return Promise.resolve(this.#connection.prepared<R>(p, params))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  write(p: Prepared, params: object): void {
    this.check()
    this.#connection.prepared(p, params)
  }
}
