/** Addresses that are remembered at most. */
const ADDRESSES = 50_000
const MINUTE = 60_000

/**
 * Counts what went wrong by address; it is forgiven with time. Who fails more often than `perMinute`, after as many at
 * once, has too many. Those who succeed cost nothing, so that many honest clients behind one address are no attack.
 */
export class Failures {
  readonly #perMinute: number
  // Failures and since when they are being forgiven, ms.
  readonly #byAddress = new Map<string, { count: number; at: number }>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  note(address: string, now: number): void {
    const count = this.#left(address, now) + 1
    this.#byAddress.delete(address)
    this.#byAddress.set(address, { count, at: now })
    if (this.#byAddress.size > ADDRESSES) this.#byAddress.delete(this.#byAddress.keys().next().value!)
  }

  tooMany(address: string, now: number): boolean {
    return this.#left(address, now) > this.#perMinute - 1
  }

  /** Forgets the addresses that failed last longest ago, once nothing is left of them. */
  sweep(now: number): void {
    for (const [address, { at }] of this.#byAddress) {
      if (now - at < MINUTE * 2) return
      this.#byAddress.delete(address)
    }
  }

  #left(address: string, now: number): number {
    const known = this.#byAddress.get(address)
    return known === undefined ? 0 : Math.max(0, known.count - ((now - known.at) / MINUTE) * this.#perMinute)
  }
}
