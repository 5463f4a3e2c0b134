import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Outgoing } from '../mtproto/host.ts'
import type { Logged } from './facts.ts'
import type { Hub, Subscriber } from './hub.ts'

/** A stretch of a box's log, written once for all to whom it looks the same. */
export interface Shared {
  /** The position where it ends: not the last one that was given where that is too much for one push. */
  readonly to: number
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
  /** There was more. */
  readonly cut: boolean
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
      let more = false
      while (more || this.#done !== this.#version) {
        this.#done = this.#version
        more = await this.#round()
      }
    } catch (error) {
      this.#sharing.failed(this.#owner, error)
      for (const reader of this.#readers) reader.wake(this.#owner)
    } finally {
      this.#running = false
      this.#hub.feeding--
    }
  }

  /**
   * Whoever is busy just now is asked again after the others, and only then reads alone: else, while much is appended,
   * those who once read alone would do so for ever, each rendering what all are told.
   * @returns whether some were sent a part of what there is
   */
  async #round(): Promise<boolean> {
    const busy: Subscriber[] = []
    const more = await this.#serve([...this.#readers], (reader) => busy.push(reader))
    return (busy.length > 0 && (await this.#serve(busy, (reader) => reader.wake(this.#owner)))) || more
  }

  async #serve(readers: readonly Subscriber[], unready: (reader: Subscriber) => void): Promise<boolean> {
    const owner = this.#owner
    const stretches = new Map<number, Stretch>()
    const standing = Map.groupBy(readers, (reader) => reader.ready(owner))
    let pushed = 0
    let more = false
    for (const reader of readers) {
      let from = reader.ready(owner)
      if (from === undefined) {
        unready(reader)
        continue
      }
      let stretch = stretches.get(from)
      if (stretch === undefined || (stretch.version !== this.#version && !stretch.cut)) {
        const together = standing.get(from) ?? []
        // Who they all are is remembered from push to push; of few it is asked.
        const few = together.length * 2 < this.#readers.size
        stretch = await this.#stretch(from, few ? new Set(together) : this.#readers)
        stretches.set(from, stretch)
        const before = from
        from = reader.ready(owner)
        if (from !== before) {
          unready(reader)
          continue
        }
      }
      if (stretch.empty) continue
      const shape = stretch.shared?.for(reader)
      if (shape === undefined) reader.wake(owner)
      else {
        reader.take(owner, stretch.to, shape)
        more ||= stretch.cut
        if (++pushed % TURN === 0) await nextTurn()
      }
    }
    return more
  }

  /** What there is after a position: out of the memory, else out of the database. */
  async #stretch(from: number, readers: ReadonlySet<Subscriber>): Promise<Stretch> {
    const version = this.#version
    const facts = this.#hub.tail(this.#owner, from) ?? (await this.#sharing.read(this.#owner, from))
    const last = facts?.at(-1)?.pos ?? from
    const empty = facts?.length === 0
    const shared = empty || !facts ? undefined : await this.#sharing.share(this.#owner, readers, facts)
    const to = shared?.to ?? last
    return { version, to, cut: to < last, empty, shared }
  }
}
