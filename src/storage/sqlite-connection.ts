import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { CompiledQuery, QueryResult } from 'kysely'
import { sqliteDialect } from './dialect.ts'
import { bind, type Connection, type Prepared } from './query.ts'

interface Statement {
  readonly stmt: StatementSync
  /** The columns of its rows; none for a statement that gives no rows. */
  readonly columns: readonly string[]
  readonly writes: boolean
}

/** Texts of statements kept prepared: builders make as many as there are shapes (and lengths of lists) of queries. */
const CACHED = 500

const READS = /^\s*(select|pragma|begin|savepoint|release|rollback|commit)\b/i

/**
 * One connection of node:sqlite: statements stay prepared, values and rows take the shapes that both databases share.
 * Everything here is synchronous; the promises around it only fit the interface.
 */
export class SqliteConnection {
  readonly db: DatabaseSync
  /** Whether a statement that may write ran since whoever watches this set it to false. */
  wrote = false
  readonly #byText = new Map<string, Statement>()
  readonly #byQuery = new Map<Prepared, Statement>()

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
    return this.#run<R>(statement, values)
  }

  prepared<R>(p: Prepared, params: object): R[] {
    let statement = this.#byQuery.get(p)
    if (statement === undefined) this.#byQuery.set(p, (statement = this.#prepare(p.sql)))
    const { rows, changes } = this.#run<R>(statement, bind(p, params))
    return statement.columns.length === 0 ? [{ changes } as R] : rows
  }

  /** Forgets the prepared statements: after a change of schema their columns would be stale. */
  forget(): void {
    this.#byText.clear()
    this.#byQuery.clear()
  }

  #prepare(sql: string): Statement {
    const stmt = this.db.prepare(sql)
    stmt.setReturnArrays(true)
    return { stmt, columns: stmt.columns().map((column) => column.name), writes: !READS.test(sql) }
  }

  #run<R>(statement: Statement, raw: readonly unknown[]): { rows: R[]; changes: number; insertId: number } {
    const { stmt, columns } = statement
    const values = raw.map(toSqlite)
    if (statement.writes) this.wrote = true
    if (columns.length === 0) {
      const result = stmt.run(...values)
      return { rows: [], changes: Number(result.changes), insertId: Number(result.lastInsertRowid) }
    }
    // Arrays, not the objects of node:sqlite: those are made slower, and without a prototype compare unequal to {}.
    const rows = stmt.all(...values) as unknown as unknown[][]
    const objects = new Array<R>(rows.length)
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      const object: Record<string, unknown> = {}
      for (let j = 0; j < columns.length; j++) object[columns[j]!] = row[j]
      objects[i] = object as R
    }
    return { rows: objects, changes: rows.length, insertId: 0 }
  }
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

/** What Kysely and prepared queries see of a connection. `check` runs before every statement. */
export function asConnection(connection: SqliteConnection, check?: () => void): Connection {
  return {
    d: sqliteDialect,
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      check?.()
      const { rows, changes, insertId } = connection.execute<R>(query.sql, query.parameters)
      return { rows, numAffectedRows: BigInt(changes), insertId: BigInt(insertId) }
    },
    // biome-ignore lint/correctness/useYield: it only refuses
    async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
      // An open cursor would hold its snapshot across turns of the event loop, and with it the write-ahead log.
      throw new Error('no streaming: read by ranges of the key')
    },
    async prepared<R>(p: Prepared, params: object): Promise<R[]> {
      check?.()
      return connection.prepared<R>(p, params)
    },
  }
}
