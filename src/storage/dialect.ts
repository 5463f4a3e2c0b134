import {
  type CompiledQuery,
  type Expression,
  type InsertQueryBuilder,
  type InsertResult,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  type SqlBool,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
  type UpdateQueryBuilder,
  type UpdateResult,
} from 'kysely'
import { postgresText, sqliteText, type TextIndex } from './text-index.ts'

type AnyDb = Kysely<any>

/**
 * The one place for what differs between SQLite and Postgres. Everything else is one set of queries for both.
 *
 * Already equal, so that nobody has to think of it: ON CONFLICT, RETURNING, quoting; integers come back as numbers
 * (sums too), blobs as Uint8Array; text compares by its bytes, LIKE minds the case; a wrong type is refused by both.
 */
export interface Dialect extends TextIndex {
  readonly name: 'sqlite' | 'postgres'
  /** Column types. `id` and `int` hold any integer below 2^53. */
  readonly id: RawBuilder<unknown>
  readonly int: RawBuilder<unknown>
  readonly bool: RawBuilder<unknown>
  readonly text: RawBuilder<unknown>
  readonly blob: RawBuilder<unknown>
  readonly double: RawBuilder<unknown>
  /**
   * Begins a table. `clustered` keeps the rows themselves in the order of the primary key (SQLite's WITHOUT ROWID):
   * for tables of short rows with a key of several columns, read by ranges of it.
   */
  createTable<T extends string>(
    db: AnyDb,
    name: T,
    options?: { clustered?: boolean },
  ): ReturnType<Kysely<any>['schema']['createTable']>
  /** A list as one parameter: `.where('id', 'in', d.each(ids))`. One statement serves lists of any length. */
  each(ids: readonly number[]): Expression<number>
  eachText(texts: readonly string[]): Expression<string>
  /**
   * The ids of an update's rows, which are locked in ascending order before any of them changes: two updates of the
   * same rows then never wait for each other. `ids` is `d.each(...)` or a list of parameters in parentheses.
   */
  locked(table: string, column: string, ids: Expression<unknown>): Expression<number>
  /**
   * Begin a statement that writes many rows. SQLite keeps a copy of every page that such a statement touches, to undo it
   * alone if a row of it fails; with OR FAIL it does not. So whatever calls it lets its whole transaction fail with it.
   */
  insertMany<DB, T extends keyof DB & string>(db: Kysely<DB>, table: T): InsertQueryBuilder<DB, T, InsertResult>
  updateMany<DB, T extends keyof DB & string>(db: Kysely<DB>, table: T): UpdateQueryBuilder<DB, T, T, UpdateResult>
  /** The greater (lesser) of two values: `set({ max_id: d.greatest(sql.ref('max_id'), p.id) })`. */
  greatest<T = number>(a: unknown, b: unknown): RawBuilder<T>
  least<T = number>(a: unknown, b: unknown): RawBuilder<T>
  /**
   * A condition that few of an owner's rows meet, so that the index of it is used: SQLite knows nothing of the rows it
   * has, and takes the primary key wherever that would do.
   */
  rarely(condition: Expression<SqlBool>): RawBuilder<SqlBool>
  /** Whether an error says that a unique key exists already. */
  isUniqueViolation(error: unknown): boolean
  /** The parts of Kysely for this database. */
  readonly kysely: {
    createAdapter(): SqliteAdapter | PostgresAdapter
    createQueryCompiler(): SqliteQueryCompiler | PostgresQueryCompiler
    createIntrospector(db: AnyDb): SqliteIntrospector | PostgresIntrospector
  }
}

export const sqliteDialect: Dialect = {
  ...sqliteText,
  name: 'sqlite',
  id: sql`integer`,
  int: sql`integer`,
  bool: sql`integer`,
  text: sql`text`,
  blob: sql`blob`,
  double: sql`real`,
  createTable: (db, name, options) =>
    // STRICT refuses a value of the wrong type, as Postgres does.
    db.schema.createTable(name).modifyEnd(options?.clustered ? sql`strict, without rowid` : sql`strict`),
  each: (ids) => sql<number>`(select value from json_each(${ids}))`,
  eachText: (texts) => sql<string>`(select value from json_each(${texts}))`,
  insertMany: (db, table) => db.insertInto(table).orFail(),
  updateMany: (db, table) => db.updateTable(sql`or fail ${sql.table(table)}`.as(table) as never) as never,
  // One transaction runs at a time.
  locked: (_table, _column, ids) => ids as Expression<number>,
  greatest: (a, b) => sql`max(${a}, ${b})`,
  least: (a, b) => sql`min(${a}, ${b})`,
  rarely: (condition) => sql<SqlBool>`unlikely(${condition})`,
  isUniqueViolation: (error) => {
    const code = (error as { errcode?: number } | null)?.errcode
    return code === 2067 /* SQLITE_CONSTRAINT_UNIQUE */ || code === 1555 /* SQLITE_CONSTRAINT_PRIMARYKEY */
  },
  kysely: {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  },
}

/**
 * A list in a condition goes as `= any(...)`: of `in (select unnest(...))`, which Kysely can write, Postgres makes a join,
 * and reads all of a table that it thinks is small for it (with every row that was changed since the last vacuum).
 */
class PostgresCompiler extends PostgresQueryCompiler {
  override compileQuery(...args: Parameters<PostgresQueryCompiler['compileQuery']>): CompiledQuery {
    const compiled = super.compileQuery(...args)
    if (!compiled.sql.includes('(select unnest(')) return compiled
    const sql = compiled.sql
      .replace(/ not in \(select unnest\((\$\d+::\w+\[\])\)\)/g, ' <> all($1)')
      .replace(/ in \(select unnest\((\$\d+::\w+\[\])\)\)/g, ' = any($1)')
    return { ...compiled, sql }
  }
}

export const postgresDialect: Dialect = {
  ...postgresText,
  name: 'postgres',
  id: sql`bigint`,
  int: sql`bigint`,
  bool: sql`smallint`,
  // Bytewise order, whatever the locale of the server: as SQLite sorts, and what LIKE 'prefix%' needs to use an index.
  text: sql`text collate "C"`,
  blob: sql`bytea`,
  double: sql`double precision`,
  createTable: (db, name) => db.schema.createTable(name),
  each: (ids) => sql<number>`(select unnest(${ids}::bigint[]))`,
  eachText: (texts) => sql<string>`(select unnest(${texts}::text[]))`,
  insertMany: (db, table) => db.insertInto(table),
  updateMany: (db, table) => db.updateTable(table) as never,
  locked: (table, column, ids) => {
    const key = sql.ref(column)
    return sql<number>`(select ${key} from ${sql.table(table)} where ${key} in ${ids} order by ${key} for update)`
  },
  greatest: (a, b) => sql`greatest(${a}, ${b})`,
  least: (a, b) => sql`least(${a}, ${b})`,
  rarely: (condition) => sql<SqlBool>`${condition}`,
  isUniqueViolation: (error) => (error as { code?: string } | null)?.code === '23505',
  kysely: {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  },
}
