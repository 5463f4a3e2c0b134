import type { CompiledQuery, QueryResult } from 'kysely'
import type pg from 'pg'
import { postgresDialect } from './dialect.ts'
import { Batch, type Outcome, type Parsers, type Statement } from './postgres-batch.ts'
import { toPostgres } from './postgres-values.ts'
import { bind, type Connection, type Prepared } from './query.ts'
import { TransactionTimeout } from './store.ts'

/** A statement and what waits for it. */
interface Asked extends Statement {
  done(outcome: Outcome): void
  failed(error: Error): void
}

/**
 * What the two share: statements that are asked in one turn of the event loop go to the server together. Who needs
 * several that do not depend on each other starts them all, and then waits.
 */
abstract class Gathering implements Connection {
  readonly d = postgresDialect
  protected waiting: Asked[] = []
  #flushing = false

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.#ask(undefined, query.sql, () => query.parameters.map(toPostgres), wholeResult<R>)
  }

  prepared<R>(p: Prepared, params: object): Promise<R[]> {
    return this.#ask(p.name, p.sql, () => bind(p, params).map(toPostgres), rowsOf<R>)
  }

  // biome-ignore lint/correctness/useYield: it only refuses
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('no streaming: read by ranges of the key')
  }

  #ask<T>(
    name: string | undefined,
    text: string,
    values: () => Statement['values'],
    made: (outcome: Outcome) => T,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.check()
      const done = (outcome: Outcome) => resolve(made(outcome))
      this.waiting.push({ name, text, values: values(), done, failed: reject })
      this.flushSoon()
    })
  }

  abstract write(p: Prepared, params: object): void
  /** Throws when nothing may be asked any more. */
  protected abstract check(): void
  protected abstract flush(): void

  protected flushSoon(): void {
    if (this.#flushing) return
    this.#flushing = true
    // After everything that goes on without waiting for anybody.
    process.nextTick(() => {
      this.#flushing = false
      this.flush()
    })
  }
}

const rowsOf = <R>({ rows, count }: Outcome): R[] => (rows ?? [{ changes: count }]) as R[]
const wholeResult = <R>({ rows, count }: Outcome): QueryResult<R> => ({
  rows: (rows ?? []) as R[],
  numAffectedRows: BigInt(count),
})

const own = (name: string, text: string, done?: (outcome: Outcome) => void): Statement => ({
  name,
  text,
  values: [],
  ...(done === undefined ? undefined : { done }),
})

/**
 * One transaction on one connection. BEGIN goes with its first statements and COMMIT with its last writes; of its
 * statements the first that fails is what it fails with, whoever asks next.
 */
export class Transaction extends Gathering {
  /** Set when nothing may run here any more: why. */
  over: Error | undefined
  readonly #client: pg.PoolClient
  readonly #parsers: Parsers
  #begun = false
  #busy: Promise<void> | undefined
  #failure: Error | undefined
  #cut = false
  #committing = false

  constructor(client: pg.PoolClient, parsers: Parsers) {
    super()
    this.#client = client
    this.#parsers = parsers
  }

  write(p: Prepared, params: object): void {
    this.check()
    this.waiting.push({ name: p.name, text: p.sql, values: bind(p, params).map(toPostgres), done() {}, failed() {} })
    // Nobody waits for it: it goes with whatever is asked next, or with the COMMIT.
  }

  protected check(): void {
    const reason = this.over ?? this.#failure
    if (reason !== undefined) throw reason
  }

  protected flush(): void {
    if (this.#busy !== undefined || this.waiting.length === 0) return
    if (this.over !== undefined) {
      for (const one of this.waiting.splice(0)) one.failed(this.over)
      return
    }
    void this.#send(this.waiting.splice(0))
  }

  #send(statements: Statement[]): Promise<void> {
    if (!this.#begun) {
      this.#begun = true
      statements.unshift(own('begin', 'begin isolation level read committed read write'))
    }
    this.#busy = new Promise<void>((resolve) => {
      const over = (error?: Error) => {
        this.#busy = undefined
        if (error !== undefined) this.#fail(error)
        resolve()
        this.flush()
      }
      this.#client.query(new Batch(statements, this.#parsers, over))
    })
    return this.#busy
  }

  /** Whatever waits now cannot run any more. */
  #fail(error: Error): void {
    this.#failure ??= error
    for (const one of this.waiting.splice(0)) one.failed(this.#failure)
  }

  /**
   * Ends it by ending its connection: whatever is under way there, a COMMIT too, fails at once. The server undoes what it
   * was not told to commit.
   */
  cut(): Error {
    const late = new TransactionTimeout(
      this.#committing
        ? 'the database did not say in time whether a transaction was committed'
        : 'a transaction did not end in time and was undone',
    )
    this.#cut = true
    this.over = late
    this.#fail(late)
    cutOff(this.#client)
    return late
  }

  /**
   * Whether it may be run again after an error that made its connection useless: nobody ended it on purpose, and the
   * server was not told to commit it.
   */
  get lost(): boolean {
    return !this.#cut && !this.#committing
  }

  /** Ends it, with whatever nobody has waited for; throws what any of its statements failed with. */
  async commit(): Promise<void> {
    while (this.#busy !== undefined) {
      // Something was started and not awaited: it is part of this transaction all the same.
      await this.#busy
    }
    this.over = new Error('this transaction is over: something was not awaited in it')
    let tag = 'COMMIT'
    const last = this.waiting.splice(0)
    if (this.#failure === undefined && (this.#begun || last.length > 0)) {
      this.#committing = true
      await this.#send([...last, own('commit', 'commit', (outcome) => (tag = outcome.tag))])
    }
    if (this.#failure !== undefined) throw this.#failure
    if (tag !== 'COMMIT') throw new Error(`a transaction was undone at its end: ${tag}`)
  }

  /** Undoes it. False when the connection is of no use any more. */
  async rollback(): Promise<boolean> {
    this.over ??= new Error('this transaction was undone')
    for (const one of this.waiting.splice(0)) one.failed(this.over)
    while (this.#busy !== undefined) await this.#busy
    if (this.#cut) return false
    if (!this.#begun) return true
    let undone = false
    await this.#send([own('rollback', 'rollback', () => (undone = true))])
    return undone
  }
}

/** Statements that go in one piece at most: those at its end wait for all before them. */
const TOGETHER = 16

/** What may take its time is asked alone: whoever reads by a key does not wait for it. */
const LONG = /@@|\blike\b|\b(?:count|sum|max|min)\(|\boffset\b|\bgroup by\b|\bdistinct\b/i

/** What reads outside transactions have of the store. */
export interface Lender {
  /** Lends a connection, and takes it back. */
  use<T>(fn: (client: pg.PoolClient) => Promise<T>): Promise<T>
  /** Resolves, perhaps after a while, to whether what failed with that error is worth asking again. */
  again(error: unknown, attempt: number): Promise<boolean>
  /** How long a read may take, ms. */
  readonly readLimit: number
}

/** Reads outside transactions: those of one turn go together, over as few connections as that takes. */
export class Reads extends Gathering {
  readonly #lender: Lender
  readonly #parsers: Parsers
  readonly #long = new Map<string, boolean>()

  constructor(lender: Lender, parsers: Parsers) {
    super()
    this.#lender = lender
    this.#parsers = parsers
  }

  write(): void {
    throw new TypeError('writing is for transact alone')
  }

  protected check(): void {}

  protected flush(): void {
    let together: Asked[] = []
    for (const one of this.waiting.splice(0)) {
      if (one.name === undefined || this.#takesLong(one.name, one.text)) {
        void this.#send([one])
        continue
      }
      together.push(one)
      if (together.length < TOGETHER) continue
      void this.#send(together)
      together = []
    }
    if (together.length > 0) void this.#send(together)
  }

  #takesLong(name: string, text: string): boolean {
    let long = this.#long.get(name)
    if (long === undefined) this.#long.set(name, (long = LONG.test(text)))
    return long
  }

  async #send(statements: readonly Asked[], attempt = 1): Promise<void> {
    const left: { one: Asked; error: Error }[] = []
    let broken: unknown
    try {
      broken = await this.#lender.use((client) => this.#run(client, statements, left))
    } catch (error) {
      broken = error // there was no connection
      for (const one of statements) left.push({ one, error: error as Error })
    }
    if (left.length === 0) return
    if (broken instanceof TransactionTimeout) {
      for (const { one } of left) one.failed(broken)
      return
    }
    if (broken !== undefined && (await this.#lender.again(broken, attempt))) {
      void this.#send(
        left.map(({ one }) => one),
        attempt + 1,
      )
    } else if (statements.length === 1) left[0]!.one.failed(left[0]!.error)
    // One that fails takes those after it with it: they are asked again, each by itself.
    else for (const { one } of left) void this.#send([one], attempt + 1)
  }

  /** @returns why it ended before all were answered */
  async #run(
    client: pg.PoolClient,
    statements: readonly Asked[],
    left: { one: Asked; error: Error }[],
  ): Promise<Error | undefined> {
    const asked = statements.map((one) => ({ ...one, failed: (error: Error) => left.push({ one, error }) }))
    let late: TransactionTimeout | undefined
    const timer = setTimeout(() => {
      late = new TransactionTimeout('the database did not answer a read in time')
      cutOff(client)
    }, this.#lender.readLimit)
    const broken = await new Promise<Error | undefined>((resolve) => {
      client.query(new Batch(asked, this.#parsers, resolve))
    })
    clearTimeout(timer)
    return late ?? broken
  }
}

/** Ends a connection here and now: what was asked of it fails. */
function cutOff(client: pg.PoolClient): void {
  const { connection } = client as unknown as { connection: pg.Connection }
  connection.stream.destroy()
}
