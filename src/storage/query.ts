import {
  type Compilable,
  type CompiledQuery,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type DeleteResult,
  DummyDriver,
  type InsertResult,
  Kysely,
  type UpdateResult,
} from 'kysely'
import type { Dialect } from './dialect.ts'
import type { Tables } from './tables/index.ts'

/** What a prepared write without RETURNING gives, as its only row. */
export interface Changes {
  changes: number
}

type RowOf<B> =
  B extends Compilable<infer O> ? ([O] extends [InsertResult | UpdateResult | DeleteResult] ? Changes : O) : never

/** A query that is built and compiled once per database, then only bound and run. */
export interface Query<P extends object, R> {
  readonly build: (db: Kysely<Tables>, p: P, d: Dialect) => Compilable<unknown>
  readonly prepared: { sqlite?: Prepared; postgres?: Prepared }
  readonly cache?: CacheRule | undefined
  /** Carries the row type; never set. */
  readonly row?: R
}

/**
 * That a query's answers may be kept, where one process does all the writing, till its table is written to. It reads
 * one table, and its rows, which many then share, are not changed by whoever asks.
 */
export interface CacheRule {
  readonly table: keyof Tables & string
  /** The only parameter is the table's `id`: a write to one row by its id then takes only that row's answer. */
  readonly byId?: boolean
}

/** One database's compiled form of a query. */
export interface Prepared {
  /** Unique in the process; the name of the server-side statement on Postgres. */
  readonly name: string
  readonly sql: string
  /** Whether it changes nothing, and locks nothing. */
  readonly reads: boolean
  /** A parameter's name, or the constant that the builder bound. */
  readonly slots: readonly (Placeholder | { constant: unknown })[]
}

/** What `p.name` is while a query is being built: Kysely takes it for a value and hands it back in the parameters. */
export class Placeholder {
  readonly placeholder: string
  constructor(name: string) {
    this.placeholder = name
  }
}

/**
 * Declares a query of a hot path, as a constant of its module: the builder runs once per database, with `p.name`
 * standing for the parameter `name`. The row type is inferred from the builder.
 *
 *     const oneMessage = query<{ owner: number; id: number }>()((db, p) =>
 *       db.selectFrom('message').select(['date', 'text']).where('owner', '=', p.owner).where('id', '=', p.id))
 *     const [row] = await ctx.run(oneMessage, { owner, id })
 *
 * One that is asked with every message, of a table that is written rarely, may be given a CacheRule:
 *
 *     const chatById = query<{ id: number }>({ table: 'chat', byId: true })((db, p) => ...)
 *
 * @NOTE A placeholder is only a place in the SQL: no decision can be taken on it while building, and a list is bound
 * with `d.each(p.ids)`, not spread. A write without RETURNING answers one row, `{ changes }`.
 */
export function query<P extends object = Record<never, never>>(
  cache?: CacheRule,
): <B extends Compilable<any>>(build: (db: Kysely<Tables>, p: P, d: Dialect) => B) => Query<P, RowOf<B>> {
  return (build) => ({ build, prepared: {}, cache })
}

const anyParameter = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) })
let prepared = 0

/** The compiled form of a query for this database, made at its first use. */
export function prepare<P extends object>(q: Query<P, unknown>, d: Dialect): Prepared {
  const known = q.prepared[d.name]
  if (known !== undefined) return known
  const compiled = q.build(compileOnly(d), anyParameter as P, d).compile()
  prepared++
  return (q.prepared[d.name] = {
    name: `q${prepared}`,
    sql: compiled.sql,
    reads: /^select (?!.*\bfor update)/s.test(compiled.sql),
    slots: compiled.parameters.map((value) => (value instanceof Placeholder ? value : { constant: value })),
  })
}

/** The values of a prepared query's parameters, in the order of the SQL. Throws when one is missing. */
export function bind(p: Prepared, params: object): unknown[] {
  const { slots } = p
  const values = new Array<unknown>(slots.length)
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i]!
    if ('constant' in slot) values[i] = slot.constant
    else {
      const value = (params as Record<string, unknown>)[slot.placeholder]
      if (value === undefined) throw missing(p, i)
      values[i] = value
    }
  }
  return values
}

/** What tells a question from others: the query and what it is asked with. */
export function bindingOf<P extends object>(
  q: Query<P, unknown>,
  params: P,
  d: Dialect,
): { key: string; reads: boolean } {
  const p = prepare(q, d)
  return { key: p.reads ? `${p.name} ${JSON.stringify(bind(p, params))}` : '', reads: p.reads }
}

/** What is thrown where the parameter of a slot was not given. */
export function missing(p: Prepared, slot: number): TypeError {
  const { placeholder } = p.slots[slot] as Placeholder
  return new TypeError(`the query's parameter ${placeholder} is missing: ${p.sql}`)
}

const compilers = new Map<string, Kysely<Tables>>()

function compileOnly(d: Dialect): Kysely<Tables> {
  let db = compilers.get(d.name)
  if (db === undefined) {
    db = new Kysely<Tables>({
      dialect: {
        createAdapter: () => d.kysely.createAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (k) => d.kysely.createIntrospector(k),
        createQueryCompiler: () => d.kysely.createQueryCompiler(),
      },
    })
    compilers.set(d.name, db)
  }
  return db
}

/** Where queries run: a connection, a pool, or one transaction on either. */
export interface Connection extends DatabaseConnection {
  readonly d: Dialect
  prepared<R>(p: Prepared, params: object): Promise<R[]>
  /** The same for a write that nobody waits for; see Store.write. */
  write(p: Prepared, params: object): void
}

/** Where a Kysely of ours keeps its connection. */
const CONNECTION = Symbol('connection')

/** The connection behind a store's `db` or a transaction; undefined for any other object. */
export const connectionOf = (on: object): Connection | undefined => (on as { [CONNECTION]?: Connection })[CONNECTION]

const dialects = new WeakMap<Dialect, { executorOf(connection: Connection): DefaultQueryExecutor; dialect: any }>()

/**
 * A Kysely whose every query goes straight to this connection. One is made per transaction, so it has to be cheap:
 * it shares the compiler and adapter, and leaves out Kysely's driver (pooling, transactions), whose work is the store's.
 */
export function kyselyOn(connection: Connection): Kysely<Tables> {
  let shared = dialects.get(connection.d)
  if (shared === undefined) {
    const { d } = connection
    const compiler = d.kysely.createQueryCompiler()
    const adapter = d.kysely.createAdapter()
    shared = {
      dialect: { ...d.kysely, createDriver: () => noDriver },
      executorOf: (c) => new DefaultQueryExecutor(compiler, adapter, { provideConnection: (consumer) => consumer(c) }),
    }
    dialects.set(d, shared)
  }
  const db = new Kysely<Tables>({
    config: shared as any,
    dialect: shared.dialect,
    driver: noDriver as any,
    executor: shared.executorOf(connection),
  })
  ;(db as { [CONNECTION]?: Connection })[CONNECTION] = connection
  return db
}

/** Runs a prepared query on the connection behind a store's `db` or a transaction. */
export function run<P extends object, R>(on: Kysely<Tables>, q: Query<P, R>, params: P): Promise<R[]> {
  const connection = connectionOf(on)
  if (connection === undefined) throw new TypeError('prepared queries run on store.db or on a transaction itself')
  return connection.prepared<R>(prepare(q, connection.d), params)
}

/** Runs a prepared write, on a transaction, that nobody waits for; see Store.write. */
export function write<P extends object>(on: Kysely<Tables>, q: Query<P, Changes>, params: P): void {
  const connection = connectionOf(on)
  if (connection === undefined) throw new TypeError('prepared queries run on a transaction itself')
  connection.write(prepare(q, connection.d), params)
}

/** The dialect behind a store's `db` or a transaction. */
export function dialectOf(on: Kysely<any>): Dialect {
  const connection = connectionOf(on)
  if (connection === undefined) throw new TypeError('not a store.db or a transaction')
  return connection.d
}

const refuse = async (): Promise<never> => {
  throw new Error('transactions are made by store.transact, connections by the store')
}
const noDriver = {
  init: async () => {},
  destroy: async () => {},
  acquireConnection: refuse,
  releaseConnection: refuse,
  beginTransaction: refuse,
  commitTransaction: refuse,
  rollbackTransaction: refuse,
}

export type { CompiledQuery }
