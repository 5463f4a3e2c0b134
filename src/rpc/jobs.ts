import type { App } from './app.ts'
import { type Ctx, systemCtx, type Tx } from './context.ts'

/** Work that is due at a time: to what it leads is decided by its kind. Runs inside a context of the server itself. */
export type JobRunner = (ctx: Ctx, job: { id: string; owner: number; data: unknown }) => Promise<void>

/** How long one node keeps a job to itself, in seconds. */
const LEASE = 60
const BATCH = 64
const RETRY_AFTER = 30
const MAX_ATTEMPTS = 20

/**
 * Scheduled work (scheduled messages, self-destruction, expiry): rows with a due time, taken by any node with a
 * lease, so that a node's death only delays them. A job may run twice; what it does must bear that.
 */
export class Jobs {
  readonly #runners: ReadonlyMap<string, JobRunner>
  readonly #load: (kind: string) => Promise<JobRunner | undefined>
  #app!: App
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined

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

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  /** Runs everything that is due by the server's clock, until nothing is. */
  async run(): Promise<void> {
    while (this.#running) await this.#running
    this.#running = this.#runDue().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #runDue(): Promise<void> {
    try {
      for (;;) {
        const jobs = await this.#take()
        for (const job of jobs) await this.#runOne(job)
        if (jobs.length < BATCH) return
      }
    } catch (error) {
      this.#app.log.error({ err: error }, 'jobs failed')
    }
  }

  async #take() {
    const now = Math.floor(this.#app.clock.now() / 1000)
    const due = await this.#app.store.db
      .selectFrom('job')
      .select('id')
      .where('due_at', '<=', now)
      .where('lease_until', '<=', now)
      .orderBy('due_at')
      .limit(BATCH)
      .execute()
    if (due.length === 0) return []
    return this.#app.store.transact((trx) =>
      trx
        .updateTable('job')
        .set({ lease_until: now + LEASE })
        .where(
          'id',
          'in',
          due.map((j) => j.id),
        )
        .where('lease_until', '<=', now)
        .returningAll()
        .execute(),
    )
  }

  async #runOne(job: { id: string; kind: string; owner: number; data: Uint8Array | null; attempts: number }) {
    const { store, log } = this.#app
    try {
      const runner = this.#runners.get(job.kind) ?? (await this.#load(job.kind))
      if (!runner) throw new Error(`no runner for jobs of kind ${job.kind}`)
      await runner(systemCtx(this.#app, Math.max(job.owner, 0)), {
        id: job.id,
        owner: job.owner,
        data: job.data === null ? undefined : JSON.parse(Buffer.from(job.data).toString()),
      })
      // A runner may have put its own job off to a later time: then it stays.
      await store.transact((trx) =>
        trx.deleteFrom('job').where('id', '=', job.id).where('lease_until', '>', 0).execute(),
      )
    } catch (error) {
      log.error({ err: error, job: job.id, kind: job.kind }, 'a job failed')
      const now = Math.floor(this.#app.clock.now() / 1000)
      const give = job.attempts + 1 >= MAX_ATTEMPTS
      await store.transact((trx) =>
        trx
          .updateTable('job')
          .set({ attempts: job.attempts + 1, lease_until: give ? now + 10 * 365 * 86400 : now + RETRY_AFTER })
          .where('id', '=', job.id)
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
  const row = {
    due_at: job.dueAt,
    kind: job.kind,
    owner: job.owner,
    data: job.data === undefined ? null : Buffer.from(JSON.stringify(job.data)),
    lease_until: 0,
    attempts: 0,
  }
  await tx.trx
    .insertInto('job')
    .values({ id: job.id, ...row })
    .onConflict((c) => c.column('id').doUpdateSet(row))
    .execute()
}

export async function cancelJob(tx: Tx, id: string): Promise<void> {
  await tx.trx.deleteFrom('job').where('id', '=', id).execute()
}
