/**
 * What carries short messages between the nodes of one cluster. It loses what is said while it is cut, and may lose
 * more: whoever uses it takes what it brings for a hint, and reads in the database what is so.
 */
export interface Bus extends AsyncDisposable {
  /** `cut` while nothing that is published reaches the others, or nothing of theirs us. */
  readonly state: BusState
  /** To every other node of the cluster, in the order of the calls. Lost while the bus is cut. */
  publish(subject: string, data: Uint8Array): void
  /** Calls back with what the other nodes publish; `data` is theirs to keep. Never with a node's own messages. */
  subscribe(subject: string, told: (data: Uint8Array) => void): void
  /** Resolves when what was published so far has left for the others; rejects when it cannot. */
  flush(): Promise<void>
  /** Calls back after each change of `state`. */
  onState(changed: (state: BusState) => void): void
}

export type BusState = 'connected' | 'cut' | 'closed'

export class BusError extends Error {
  override name = 'BusError'
}

/** What the buses of this folder share: who is told of what. */
export class Listeners {
  readonly #told = new Map<string, ((data: Uint8Array) => void)[]>()
  readonly #changed: ((state: BusState) => void)[] = []

  add(subject: string, told: (data: Uint8Array) => void): boolean {
    const known = this.#told.get(subject)
    if (known) known.push(told)
    else this.#told.set(subject, [told])
    return known === undefined
  }

  onState(changed: (state: BusState) => void): void {
    this.#changed.push(changed)
  }

  tell(subject: string, data: Uint8Array): void {
    for (const told of this.#told.get(subject) ?? []) told(data)
  }

  change(state: BusState): void {
    for (const changed of this.#changed) changed(state)
  }
}
