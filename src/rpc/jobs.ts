import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import { query, type Tables } from '../storage/index.ts'
import type { App } from './app.ts'
import { Context, type Ctx, type Tx } from './context.ts'

/** Work that is due at a time: to what it leads is decided by its kind. Runs inside a context of the server itself. */
export type JobRunner = (ctx: Ctx, job: { id: string; owner: number; data: unknown }) => Promise<void>

/** How long one node keeps jobs to itself, in seconds, from when it last said so; it says so again meanwhile. */
const LEASE = 60
const RENEW_MS = 15_000
/**
 * A node that could not say so for as long begins no more transactions of theirs, ms. One that was begun ends within
 * 12 s (the database sees to it), so what is left of the lease is for clocks that differ.
 */
const HELD_MS = 40_000
const BATCH = 64
const RETRY_AFTER = 30
const MAX_ATTEMPTS = 20

interface Job {
  id: string
  kind: string
  owner: number
  data: Uint8Array | null
  attempts: number
}

/** Jobs that were taken together. */
interface Lease {
  /** What shows in the rows that they are this node's. */
  readonly holder: string
  /** `performance.now()` when it was last asked for. */
  since: number
  timer?: NodeJS.Timeout
}

/** This node was out of reach for so long that its jobs may be another's by now. */
class LeaseLost extends Error {
  override name = 'LeaseLost'
}

/** The server's own context for one job: it writes only as long as the job is surely this node's. */
class JobContext extends Context {
  readonly #held: () => boolean

  constructor(app: App, viewer: number, held: () => boolean) {
    super(app, viewer)
    this.#held = held
  }

  override async transact<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
    return super.transact((tx) => {
      if (!this.#held()) throw new LeaseLost('a job was not finished in time')
      return fn(tx)
    })
  }
}

/**
 * Scheduled work (scheduled messages, self-destruction, expiry): rows with a due time, taken by any node with a
 * lease, so that a node's death only delays them. No two nodes run one job at once; one that was begun by a node that
 * died is run again, and must bear that.
 */
export class Jobs {
  readonly #runners: ReadonlyMap<string, JobRunner>
  readonly #load: (kind: string) => Promise<JobRunner | undefined>
  readonly #name = randomBytes(9).toString('base64url')
  #app!: App
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #leases = 0
  #stopping = false

  /** @param load asked for the runner of any other kind, when a job of it is due */
  constructor(
    runners: Record<string, JobRunner>,
    load: (kind: string) => Promise<JobRunner | undefined> = async () => undefined,
  ) {
    this.#runners = new Map(Object.entries(runners))
    this.#load = load
  }

  start(app: App, everyMs = 1000): void {
    this.#app = app
    this.#timer = setInterval(() => void this.run(), everyMs)
    this.#timer.unref()
  }

  /** Waits for the job that is running; those that were taken with it are left to the other nodes. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#stopping = true
    await this.#running
  }

  /** Runs everything that is due by the server's clock, until nothing is. */
  async run(): Promise<void> {
    while (this.#running) await this.#running
    if (this.#stopping) return
    this.#running = this.#runDue().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #runDue(): Promise<void> {
    try {
      for (;;) {
        const { lease, jobs } = await this.#take()
        if (jobs.length > 0) await this.#runAll(lease, jobs)
        if (jobs.length < BATCH || this.#stopping) return
      }
    } catch (error) {
      this.#app.log.error({ err: error }, 'jobs failed')
    }
  }

  async #runAll(lease: Lease, jobs: Job[]): Promise<void> {
    lease.timer = setInterval(() => void this.renew(lease), RENEW_MS)
    lease.timer.unref()
    try {
      for (const [i, job] of jobs.entries()) {
        if (this.#stopping || !this.#held(lease)) {
          await this.#release(
            lease,
            jobs.slice(i).map((j) => j.id),
          )
          return
        }
        await this.#runOne(lease, job)
      }
    } finally {
      clearInterval(lease.timer)
    }
  }

  readonly #held = (lease: Lease): boolean => performance.now() - lease.since < HELD_MS

  async #take(): Promise<{ lease: Lease; jobs: Job[] }> {
    const { store } = this.#app
    const now = this.#now()
    const lease: Lease = { holder: `${this.#name}.${++this.#leases}`, since: performance.now() }
    const due = (from: Kysely<Tables>) =>
      from
        .selectFrom('job')
        .select('id')
        .where('due_at', '<=', now)
        .where('lease_until', '<=', now)
        .orderBy('due_at')
        .limit(BATCH)
    if ((await due(store.db).limit(1).execute()).length === 0) return { lease, jobs: [] }
    const jobs = await store.transact(async (trx) => {
      // Nodes that look at the same time take different ones.
      const free = store.dialect === 'postgres' ? due(trx).forUpdate().skipLocked() : due(trx)
      const ids = (await free.execute()).map((job) => job.id)
      if (ids.length === 0) return []
      const set = { lease_until: now + LEASE, holder: lease.holder }
      return trx.updateTable('job').set(set).where('id', 'in', ids).returningAll().execute()
    })
    return { lease, jobs }
  }

  /** Keeps what was taken together, and is not done yet, for another while. */
  async renew(lease: Lease): Promise<void> {
    const since = performance.now()
    const set = { lease_until: this.#now() + LEASE }
    try {
      await this.#app.store.transact((trx) =>
        trx.updateTable('job').set(set).where('holder', '=', lease.holder).where('lease_until', '>', 0).execute(),
      )
      lease.since = since
    } catch (error) {
      this.#app.log.warn({ err: error }, 'jobs could not be kept')
    }
  }

  async #release(lease: Lease, ids: string[]): Promise<void> {
    const set = { lease_until: 0, holder: '' }
    await this.#app.store.transact((trx) =>
      trx.updateTable('job').set(set).where('id', 'in', ids).where('holder', '=', lease.holder).execute(),
    )
  }

  #now(): number {
    return Math.floor(this.#app.clock.now() / 1000)
  }

  async #runOne(lease: Lease, job: Job): Promise<void> {
    const { store, log } = this.#app
    try {
      const runner = this.#runners.get(job.kind) ?? (await this.#load(job.kind))
      if (!runner) throw new Error(`no runner for jobs of kind ${job.kind}`)
      await runner(new JobContext(this.#app, Math.max(job.owner, 0), () => this.#held(lease)), {
        id: job.id,
        owner: job.owner,
        data: job.data === null ? undefined : JSON.parse(Buffer.from(job.data).toString()),
      })
      // A runner may have put its own job off to a later time: then it is nobody's, and stays.
      await store.transact((trx) =>
        trx.deleteFrom('job').where('id', '=', job.id).where('holder', '=', lease.holder).execute(),
      )
    } catch (error) {
      log.error({ err: error, job: job.id, kind: job.kind }, 'a job failed')
      const give = job.attempts + 1 >= MAX_ATTEMPTS
      const lease_until = this.#now() + (give ? 10 * 365 * 86400 : RETRY_AFTER)
      await store.transact((trx) =>
        trx
          .updateTable('job')
          .set({ attempts: job.attempts + 1, lease_until, holder: '' })
          .where('id', '=', job.id)
          .where('holder', '=', lease.holder)
          .execute(),
      )
    }
  }
}

/** Puts work off to a time (unix seconds). A job with the same id is moved there. */
export async function schedule(
  tx: Tx,
  job: { id: string; kind: string; owner: number; dueAt: number; data?: unknown },
): Promise<void> {
  const { id, dueAt, kind, owner } = job
  const data = job.data === undefined ? null : Buffer.from(JSON.stringify(job.data))
  tx.write(putJob, { id, dueAt, kind, owner, data })
}

const putJob = query<{ id: string; dueAt: number; kind: string; owner: number; data: Uint8Array | null }>()((db, p) => {
  const row = { due_at: p.dueAt, kind: p.kind, owner: p.owner, data: p.data, lease_until: 0, holder: '', attempts: 0 }
  return db
    .insertInto('job')
    .values({ id: p.id, ...row })
    .onConflict((c) => c.column('id').doUpdateSet(row))
})

export async function cancelJob(tx: Tx, id: string): Promise<void> {
  await tx.trx.deleteFrom('job').where('id', '=', id).execute()
}
