import type { Kysely } from 'kysely'
import { NONE } from '../mtproto/lists.ts'
import type { Changes, Query, Tables, Trx } from '../storage/index.ts'
import { appendFacts, type Telling } from '../updates/append-many.ts'
import type { Fact } from '../updates/facts.ts'
import { appendFact, appendMessageFacts, type Published } from '../updates/log.ts'
import { Ahead } from './ahead.ts'
import type { App } from './app.ts'
import { RpcError } from './errors.ts'
import type { RpcSession, Write } from './session.ts'
import type { Takeout } from './takeout.ts'
import type { Turn } from './turns.ts'

/** Gives what stands in the places of what is each viewer's own, where something is rendered once for many. */
export interface Placeholders {
  hash(kind: string, id: number | bigint): bigint
  reference(id: number | bigint): Uint8Array
  joined(channel: number): number
}

/** Who asks, and what they may reach. */
export interface Ctx {
  readonly app: App
  /** The session that asks; undefined for the server's own work (jobs, pushes, the operator's commands). */
  readonly session: RpcSession | undefined
  /** The account that asks. Throws AUTH_KEY_UNREGISTERED when nobody is signed in. */
  readonly userId: number
  /** The account that asks, or 0. */
  readonly viewer: number
  readonly layer: number
  /** The request's own message id; 0n for the server's own work. */
  readonly msgId: bigint
  /** Set where the call takes data out of the account: it was wrapped in invokeWithTakeout. */
  readonly takeout: Takeout | undefined
  /** Set where what is rendered is for everybody who sees it as this viewer does. */
  readonly holes?: Placeholders | undefined
  /** Unix seconds. */
  readonly now: number
  readonly db: Kysely<Tables>
  /** Runs a prepared query, inside the transaction where there is one. */
  run<P extends object, R>(query: Query<P, R>, params: P): Promise<R[]>
  /**
   * Asks now what is going to be asked by `run`, here or in the transaction that follows, before anything is written:
   * where each question costs a round trip, those asked together cost one. A transaction that had to wait for the calls
   * before it, or that is run again, asks anew.
   */
  ahead<P extends object, R>(query: Query<P, R>, params: P): void
  /** Whether the transaction will have to wait for calls before this one, and so would ask again what is asked now. */
  readonly waits: boolean
  /** Rows and updates together, durable when it resolves. Inside a transaction it joins that one. */
  transact<T>(fn: (tx: Tx) => Promise<T>): Promise<T>
}

/** The only thing that writes and publishes. */
export interface Tx extends Ctx {
  readonly trx: Trx
  /** A prepared write whose outcome nobody asks for: done before whatever is asked next. See Store.write. */
  write<P extends object>(query: Query<P, Changes>, params: P): void
  /** Appends to a box's log, in this transaction. The calling session counts it as sent. */
  publish(owner: number, fact: Fact): Promise<Published>
  /**
   * The same of many facts, or of one to many boxes, whose rows are locked in the order of their owners: whoever tells
   * several boxes calls it once, since each `publish` would cost PostgreSQL a round trip. In the order given.
   */
  publishAll(tellings: readonly Telling[]): Promise<Published[]>
  /** Gives a new message its id in each of these boxes and appends the facts that tell of it. */
  publishMessages(owners: readonly number[]): Promise<Published[]>
  /**
   * The same transaction, whose updates the calling session is told like any other: for methods whose answer does not
   * carry what they wrote (a Bool after a message was sent).
   */
  readonly aloud: Tx
  /** Runs after the commit is durable: caches and signals only, never data. */
  onCommit(fn: () => void): void
}

export class Context implements Tx {
  readonly app: App
  readonly session: RpcSession | undefined
  readonly viewer: number
  readonly msgId: bigint
  readonly takeout: Takeout | undefined
  holes: Placeholders | undefined = undefined
  /** The call's place among its session's; its first transaction waits for it. */
  turn: Turn | undefined = undefined
  readonly #trx: Trx | undefined
  #published: Published[] | undefined
  #commits: (() => void)[] | undefined
  #aloud = false
  #ahead: Ahead | undefined

  constructor(app: App, viewer: number, session?: RpcSession, trx?: Trx, msgId = 0n, takeout?: Takeout) {
    this.app = app
    this.takeout = takeout
    this.msgId = msgId
    this.viewer = viewer
    this.session = session
    this.#trx = trx
  }

  get userId(): number {
    if (this.viewer === 0) throw new RpcError('AUTH_KEY_UNREGISTERED')
    return this.viewer
  }

  get layer(): number {
    return this.session?.auth.layer ?? 0
  }

  get now(): number {
    return Math.floor(this.app.clock.now() / 1000)
  }

  get db(): Kysely<Tables> {
    return this.#trx ? this.trx : this.app.store.db
  }

  get waits(): boolean {
    return this.turn?.waits === true
  }

  get trx(): Trx {
    if (!this.#trx) throw new Error('not in a transaction')
    this.#ahead?.end() // it may write, and lock
    return this.#trx
  }

  run<P extends object, R>(query: Query<P, R>, params: P): Promise<R[]> {
    return this.#ahead?.take(query, params) ?? this.app.store.run(query, params, this.#trx)
  }

  ahead<P extends object, R>(query: Query<P, R>, params: P): void {
    // One process that keeps its rows in memory has nothing to wait for.
    if (this.app.store.inOrder) return
    this.#ahead ??= new Ahead(this.app.store, this.#trx)
    this.#ahead.ask(query, params)
  }

  write<P extends object>(query: Query<P, Changes>, params: P): void {
    this.app.store.write(query, params, this.trx) // what was asked ahead ends with it
  }

  async transact<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#trx) return fn(this)
    const { turn } = this
    this.turn = undefined
    let asked = this.#ahead
    this.#ahead = undefined
    const comes = turn?.comes()
    if (comes) {
      await comes
      asked = undefined // the calls before this one may have changed it
    }
    let tx!: Context
    const write = { over: undefined } as Write
    this.session?.writes(write)
    try {
      const under = this.app.store.transact((trx) => {
        // A transaction may be run again by the database: whatever an earlier run collected is dropped with it.
        tx = new Context(this.app, this.viewer, this.session, trx, this.msgId, this.takeout)
        tx.#ahead = asked?.within(trx)
        asked = undefined
        return fn(tx)
      })
      if (this.app.store.inOrder) turn?.end()
      const result = await under
      // Caches are dropped, and who has come into a channel follows it, before anybody reads what was appended.
      for (const effect of tx.#commits ?? NONE) effect()
      if (tx.#published !== undefined) this.app.hub.committed(tx.#published)
      return result
    } finally {
      this.session?.wrote(write)
      turn?.end()
    }
  }

  async publish(owner: number, fact: Fact): Promise<Published> {
    const published = await appendFact(this, owner, fact, this.#aloud ? undefined : this.session)
    this.#publishedNow.push(published)
    return published
  }

  async publishAll(tellings: readonly Telling[]): Promise<Published[]> {
    const published = await appendFacts(this, tellings, this.#aloud ? undefined : this.session)
    for (const one of published) this.#publishedNow.push(one)
    return published
  }

  get aloud(): Tx {
    const twin = new Context(this.app, this.viewer, this.session, this.#trx, this.msgId, this.takeout)
    twin.#published = this.#publishedNow
    twin.#commits = this.#commitsNow
    twin.#ahead = this.#ahead
    twin.#aloud = true
    return twin
  }

  publishMessages(owners: readonly number[]): Promise<Published[]> {
    return appendMessageFacts(this, owners, 'newMessage', this.#aloud ? undefined : this.session, this.#publishedNow)
  }

  onCommit(fn: () => void): void {
    this.#commitsNow.push(fn)
  }

  // Contexts that only read, which most are, have no lists of what they write.
  get #publishedNow(): Published[] {
    this.#published ??= []
    return this.#published
  }

  get #commitsNow(): (() => void)[] {
    this.#commits ??= []
    return this.#commits
  }
}

/** A context of the server itself, acting for an account (jobs, pushes) or for nobody (0). */
export function systemCtx(app: App, viewer = 0): Ctx {
  return new Context(app, viewer)
}
