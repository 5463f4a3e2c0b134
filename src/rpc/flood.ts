import type { Clock } from '../clock.ts'
import type { FloodClass, FloodLimit } from '../limits.ts'
import type { Trx } from '../storage/index.ts'

/**
 * Classes that several nodes count together, in the database: those by which codes, passwords and numbers could be
 * guessed, or many people reached. All are rare; of the others each node counts its own.
 */
const TOGETHER = new Set<FloodClass>(['code', 'password', 'import', 'create'])

export const countedTogether = (kind: FloodClass): boolean => TOGETHER.has(kind)

/**
 * Counts one more of what `name` stands for, for all nodes together. The count is the transaction's: undone with it.
 * @param now unix seconds
 * @returns 0 when it may go on, or the seconds to wait
 */
export async function hitTogether(trx: Trx, name: string, limit: FloodLimit, now: number): Promise<number> {
  const { used, ends_at } = await trx
    .insertInto('flood')
    .values({ name, used: 1, ends_at: now + limit.seconds })
    .onConflict((c) =>
      c.column('name').doUpdateSet((eb) => {
        const over = eb('flood.ends_at', '<=', now)
        return {
          used: eb
            .case()
            .when(over)
            .then(eb.lit(1))
            .else(eb('flood.used', '+', eb.lit(1)))
            .end(),
          ends_at: eb.case().when(over).then(eb.ref('excluded.ends_at')).else(eb.ref('flood.ends_at')).end(),
        }
      }),
    )
    .returning(['used', 'ends_at'])
    .executeTakeFirstOrThrow()
  return used > limit.count ? Math.max(1, ends_at - now) : 0
}

interface Window {
  start: number
  used: number
}

/** Windows kept before those that have passed are swept. */
const SWEEP_AT = 50_000

/**
 * Counts calls per caller and class and says how long to wait when there were too many.
 * https://core.telegram.org/api/errors#420-flood
 */
export class Flood {
  readonly #limits: Partial<Record<FloodClass, FloodLimit>>
  readonly #clock: Clock
  readonly #windows = new Map<string, Window>()

  constructor(limits: Partial<Record<FloodClass, FloodLimit>>, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** Counts one call. Returns 0 when it may go on, or the seconds to wait. */
  hit(caller: string, kind: FloodClass): number {
    const limit = this.#limits[kind]
    if (!limit) return 0
    const now = this.#clock.now()
    const key = `${kind} ${caller}`
    const window = this.#windows.get(key)
    if (!window || now - window.start >= limit.seconds * 1000) {
      if (this.#windows.size >= SWEEP_AT) this.#sweep(now)
      this.#windows.set(key, { start: now, used: 1 })
      return 0
    }
    if (window.used >= limit.count) return Math.max(1, Math.ceil(limit.seconds - (now - window.start) / 1000))
    window.used++
    return 0
  }

  #sweep(now: number): void {
    for (const [key, window] of this.#windows) {
      const limit = this.#limits[key.slice(0, key.indexOf(' ')) as FloodClass]
      if (!limit || now - window.start >= limit.seconds * 1000) this.#windows.delete(key)
    }
  }
}
