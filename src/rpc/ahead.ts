import { bindingOf, type Query, type Store, type Trx } from '../storage/index.ts'

/**
 * Answers to what a call (or its transaction) will ask presently, asked for all at once where each question costs a round
 * trip. Each is taken once, by whoever asks the same. They hold until it writes: from then on everything is read anew.
 */
export class Ahead {
  readonly #store: Store
  readonly #trx: Trx | undefined
  readonly #answers = new Map<string, Promise<unknown[]>>()

  constructor(store: Store, trx?: Trx) {
    this.#store = store
    this.#trx = trx
  }

  /** The same answers for a transaction that begins now: it has locked nothing yet, and would read no more than that. */
  within(trx: Trx): Ahead {
    const ahead = new Ahead(this.#store, trx)
    for (const [key, answer] of this.#answers) ahead.#answers.set(key, answer)
    return ahead
  }

  ask<P extends object, R>(query: Query<P, R>, params: P): void {
    const { key } = bindingOf(query, params, this.#store.d)
    if (this.#answers.has(key)) return
    const answer = this.#store.run(query, params, this.#trx)
    answer.catch(() => {}) // whoever takes it hears of it
    this.#answers.set(key, answer)
  }

  /** The answer to a question that was asked ahead. What writes ends them all. */
  take<P extends object, R>(query: Query<P, R>, params: P): Promise<R[]> | undefined {
    if (this.#answers.size === 0) return undefined
    const { key, reads } = bindingOf(query, params, this.#store.d)
    if (!reads) {
      this.end()
      return undefined
    }
    const answer = this.#answers.get(key)
    this.#answers.delete(key)
    return answer as Promise<R[]> | undefined
  }

  end(): void {
    this.#answers.clear()
  }
}
