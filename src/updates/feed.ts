import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Outgoing } from '../mtproto/host.ts'
import type { Logged } from './facts.ts'
import type { Hub, Subscriber } from './hub.ts'

/** A stretch of a box's log, written once for all to whom it looks the same. */
export interface Shared {
  /** What this subscriber is sent; undefined where it sees something of its own. */
  for(subscriber: Subscriber): Shape | undefined
}

/** One look that a stretch of a log has, in one layer. */
export interface Shape {
  /** Writes it for one account, with what is that account's own filled in. */
  outgoing(account: number): Outgoing
  /** Users it shows in full, by their ids. */
  readonly users: readonly number[]
}

/** Knows how a channel's log looks to whom. */
export interface Sharing {
  /** Gives undefined where nothing can be shared. */
  share(owner: number, readers: ReadonlySet<Subscriber>, facts: readonly Logged[]): Promise<Shared | undefined>
  /** Reads on where the memory has nothing; undefined when it is too much for one push. */
  read(owner: number, pos: number): Promise<Logged[] | undefined>
  failed(owner: number, error: unknown): void
}

/** Pushes written in one turn of the event loop: others wait some milliseconds at most, however many readers there are. */
const TURN = 64

interface Stretch {
  /** The box's count of wakes when it was read. */
  readonly version: number
  /** Where it ends. */
  readonly to: number
  readonly empty: boolean
  readonly shared: Shared | undefined
}

/**
 * Pushes a channel's log to its many readers. It reads and renders once what the rest of them are sent, by where they
 * stand; whoever sees something of their own, or is not at hand just now, is woken and reads by themselves. What is
 * appended meanwhile goes with the pushes that have not been written yet.
 */
export class Feed {
  readonly #owner: number
  readonly #readers: ReadonlySet<Subscriber>
  readonly #hub: Hub
  readonly #sharing: Sharing
  #version = 0
  #done = 0
  #running = false

  constructor(owner: number, readers: ReadonlySet<Subscriber>, hub: Hub, sharing: Sharing) {
    this.#owner = owner
    this.#readers = readers
    this.#hub = hub
    this.#sharing = sharing
  }

  /** Something was appended. */
  wake(): void {
    this.#version++
    if (this.#running) return
    this.#running = true
    this.#hub.feeding++
    setImmediate(() => void this.#run())
  }

  async #run(): Promise<void> {
    try {
      while (this.#done !== this.#version) {
        this.#done = this.#version
        await this.#round()
      }
    } catch (error) {
      this.#sharing.failed(this.#owner, error)
      for (const reader of this.#readers) reader.wake(this.#owner)
    } finally {
      this.#running = false
      this.#hub.feeding--
    }
  }

  async #round(): Promise<void> {
    const owner = this.#owner
    const stretches = new Map<number, Stretch>()
    let pushed = 0
    for (const reader of [...this.#readers]) {
      let from = reader.ready(owner)
      if (from === undefined) {
        reader.wake(owner)
        continue
      }
      let stretch = stretches.get(from)
      if (stretch === undefined || stretch.version !== this.#version) {
        stretch = await this.#stretch(from)
        stretches.set(from, stretch)
        const before = from
        from = reader.ready(owner)
        if (from !== before) {
          reader.wake(owner)
          continue
        }
      }
      if (stretch.empty) continue
      const shape = stretch.shared?.for(reader)
      if (shape === undefined) reader.wake(owner)
      else {
        reader.take(owner, stretch.to, shape)
        if (++pushed % TURN === 0) await nextTurn()
      }
    }
  }

  /** What there is after a position: out of the memory, else out of the database. */
  async #stretch(from: number): Promise<Stretch> {
    const version = this.#version
    const facts = this.#hub.tail(this.#owner, from) ?? (await this.#sharing.read(this.#owner, from))
    const to = facts?.at(-1)?.pos ?? from
    const empty = facts?.length === 0
    const shared = empty || !facts ? undefined : await this.#sharing.share(this.#owner, this.#readers, facts)
    return { version, to, empty, shared }
  }
}
