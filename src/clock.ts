/** The injected clock: the server reads time from nowhere else. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that only moves when told: tests and `--test` servers use it. */
export class ManualClock implements Clock {
  #offset: number
  readonly #running: boolean
  #listeners = new Set<() => Promise<void> | void>()

  /** `running` false: time stands still but for `advance`, so that a slow machine changes no test. */
  constructor(startMs = Date.now(), running = true) {
    this.#running = running
    this.#offset = running ? startMs - performance.now() : startMs
  }

  now(): number {
    return Math.floor(this.#running ? this.#offset + performance.now() : this.#offset)
  }

  /** Moves time forward by so many seconds and runs what fell due. */
  async advance(seconds: number): Promise<void> {
    this.#offset += seconds * 1000
    for (const listener of this.#listeners) await listener()
  }

  onAdvance(listener: () => Promise<void> | void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
