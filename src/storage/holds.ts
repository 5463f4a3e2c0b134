/** Holds deletions back while somebody copies what may be deleted. */
export class Holds {
  #holds = 0
  #released: PromiseWithResolvers<void> | undefined

  /** Gives what lets go. */
  hold(): () => void {
    this.#holds++
    this.#released ??= Promise.withResolvers()
    let held = true
    return () => {
      if (!held) return
      held = false
      if (--this.#holds > 0) return
      this.#released?.resolve()
      this.#released = undefined
    }
  }

  /** Resolves when nobody holds. */
  async over(): Promise<void> {
    while (this.#released !== undefined) await this.#released.promise
  }
}
