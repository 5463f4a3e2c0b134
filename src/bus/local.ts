import { type Bus, BusError, type BusState, Listeners } from './bus.ts'

/** A bus between nodes of one process, as tests have them. It may be cut for one node, as a network does it. */
export class LocalWire {
  readonly #ends = new Set<LocalBus>()
  /** Messages on their way. */
  #flying = 0

  join(): LocalBus {
    const end = new LocalBus(this)
    this.#ends.add(end)
    return end
  }

  /** True while a message is on its way. */
  get busy(): boolean {
    return this.#flying > 0
  }

  carry(from: LocalBus, subject: string, data: Uint8Array): void {
    for (const to of this.#ends) {
      if (to === from || to.state !== 'connected') continue
      this.#flying++
      setImmediate(() => {
        this.#flying--
        if (to.state === 'connected') to.receive(subject, Uint8Array.from(data))
      })
    }
  }

  leave(end: LocalBus): void {
    this.#ends.delete(end)
  }
}

export class LocalBus implements Bus {
  readonly #wire: LocalWire
  readonly #listeners = new Listeners()
  #state: BusState = 'connected'

  constructor(wire: LocalWire) {
    this.#wire = wire
  }

  get state(): BusState {
    return this.#state
  }

  publish(subject: string, data: Uint8Array): void {
    if (this.#state === 'connected') this.#wire.carry(this, subject, data)
  }

  receive(subject: string, data: Uint8Array): void {
    this.#listeners.tell(subject, data)
  }

  subscribe(subject: string, told: (data: Uint8Array) => void): void {
    this.#listeners.add(subject, told)
  }

  async flush(): Promise<void> {
    if (this.#state !== 'connected') throw new BusError('the bus is cut')
  }

  onState(changed: (state: BusState) => void): void {
    this.#listeners.onState(changed)
  }

  /** Nothing leaves or comes any more, until `heal`. */
  cut(): void {
    this.#change('cut')
  }

  heal(): void {
    this.#change('connected')
  }

  #change(state: BusState): void {
    if (this.#state === state || this.#state === 'closed') return
    this.#state = state
    this.#listeners.change(state)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#change('closed')
    this.#wire.leave(this)
  }
}
