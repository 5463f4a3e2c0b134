import { fdatasync } from 'node:fs'
import { type Disk, StoreFailed } from './store.ts'

/** A transaction that ended, and what its caller hears once the commit is on disk. */
export interface Ended {
  readonly job: { resolve(value: any): void; reject(error: unknown): void }
  failed: boolean
  error?: unknown
  value?: unknown
}

export const realDisk: Disk = { syncLog: (fd, done) => fdatasync(fd, done) }

/** Syncs the log off the main thread, one sync at a time, and answers for what each covers, in the order of commits. */
export class LogSync {
  readonly #fd: number
  readonly #disk: Disk
  readonly #failed: (error: StoreFailed) => void
  /** Committed, waiting for the next sync; and what the sync under way covers. */
  #waiting: Ended[] = []
  #dirty = false
  #syncing: Ended[] | undefined
  #nextSettled: PromiseWithResolvers<void> | undefined
  #nowSettled: PromiseWithResolvers<void> | undefined
  #failure: StoreFailed | undefined

  constructor(fd: number, disk: Disk, failed: (error: StoreFailed) => void) {
    this.#fd = fd
    this.#disk = disk
    this.#failed = failed
  }

  /** Takes a group that was committed (or failed); `wrote` is whether the commit changed anything. */
  add(ended: readonly Ended[], wrote: boolean): void {
    if (this.#failure !== undefined) {
      for (const { job } of ended) job.reject(this.#failure)
      return
    }
    if (wrote) this.#dirty = true
    // What only read, or failed, waits too if it may have seen what is not on disk yet.
    if (!this.#dirty && this.#syncing === undefined) {
      answer(ended)
      return
    }
    for (const one of ended) this.#waiting.push(one)
    if (this.#syncing === undefined) this.#sync()
  }

  settled(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#waiting.length > 0 || this.#dirty) return (this.#nextSettled ??= deferred()).promise
    if (this.#syncing !== undefined) return (this.#nowSettled ??= deferred()).promise
    return undefined
  }

  /** What commits during a sync shares the next one. */
  #sync(): void {
    const covered = this.#waiting
    this.#syncing = covered
    this.#waiting = []
    this.#dirty = false
    this.#nowSettled = this.#nextSettled
    this.#nextSettled = undefined
    this.#disk.syncLog(this.#fd, (error) => {
      if (error !== null) {
        this.#fail(error)
        return
      }
      const settled = this.#nowSettled
      this.#syncing = undefined
      this.#nowSettled = undefined
      answer(covered)
      settled?.resolve()
      if (this.#dirty || this.#waiting.length > 0) this.#sync()
    })
  }

  #fail(cause: Error): void {
    const failure = new StoreFailed(`the database cannot be synced to disk: ${cause.message}`, { cause })
    this.#failure = failure
    for (const { job } of [...(this.#syncing ?? []), ...this.#waiting]) job.reject(failure)
    this.#waiting = []
    this.#nowSettled?.reject(failure)
    this.#nextSettled?.reject(failure)
    this.#failed(failure)
  }
}

function answer(ended: readonly Ended[]): void {
  for (const { job, failed, error, value } of ended) {
    if (failed) job.reject(error)
    else job.resolve(value)
  }
}

function deferred(): PromiseWithResolvers<void> {
  const made = Promise.withResolvers<void>()
  made.promise.catch(() => {}) // whoever asked for it hears of a failure; it may be nobody
  return made
}
