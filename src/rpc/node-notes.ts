import { randomBytes } from 'node:crypto'
import type { Bus } from '../bus/index.ts'

/** How often, ms, a node says that it is there; one that was silent for so long is waited for no more. */
const HELLO_MS = 1000
const SILENT_MS = 3500
/** The longest, ms, that is waited for the others to have taken note. */
const NOTE_MS = 1000

interface Bulletin<T> {
  from: string
  n: number
  news: T
}

interface Note {
  to: string
  n: number
  by: string
}

const read = <T>(data: Uint8Array): T => JSON.parse(Buffer.from(data).toString())

/** What is said on the bus till every node that is there has taken note of it. */
export class Notes<T> {
  readonly #bus: Bus
  readonly #late: (nodes: string[]) => void
  readonly #name = randomBytes(9).toString('base64url')
  /** The other nodes, and when each was heard last. */
  readonly #peers = new Map<string, number>()
  /** Who has yet to take note. */
  readonly #waiting = new Map<number, { from: Set<string>; done(): void }>()
  #said = 0
  #hello: NodeJS.Timeout | undefined

  /** @param take what is done with the others' news before they are told that it is */
  constructor(bus: Bus, take: (news: T) => Promise<unknown>, late: (nodes: string[]) => void) {
    this.#bus = bus
    this.#late = late
    bus.subscribe('news', async (data) => {
      const { from, n, news } = read<Bulletin<T>>(data)
      await take(news)
      this.#bus.publish('noted', Buffer.from(JSON.stringify({ to: from, n, by: this.#name } satisfies Note)))
    })
    bus.subscribe('noted', (data) => {
      const { to, n, by } = read<Note>(data)
      if (to === this.#name) this.#note(n, by)
    })
    bus.subscribe('hello', (data) => this.#met(Buffer.from(data).toString()))
    bus.subscribe('bye', (data) => this.#gone(Buffer.from(data).toString()))
  }

  /** Resolves when the others know that this node is there: they wait for it from then on. */
  async start(): Promise<void> {
    this.#hello = setInterval(() => {
      for (const [peer, heard] of this.#peers) if (performance.now() - heard > SILENT_MS) this.#gone(peer)
      this.#greet()
    }, HELLO_MS)
    this.#hello.unref()
    this.#greet()
    await this.#bus.flush().catch(() => {})
  }

  stop(): void {
    clearInterval(this.#hello)
    this.#bus.publish('bye', Buffer.from(this.#name))
    this.forget()
  }

  get peers(): number {
    return this.#peers.size
  }

  /** Resolves when every other node has taken note, or was given up. */
  publish(news: T): Promise<void> {
    const n = ++this.#said
    this.#bus.publish('news', Buffer.from(JSON.stringify({ from: this.#name, n, news } satisfies Bulletin<T>)))
    if (this.#peers.size === 0) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const from = new Set(this.#peers.keys())
    const late = setTimeout(() => {
      this.#late([...from])
      this.#noted(n)
    }, NOTE_MS)
    const done = () => {
      clearTimeout(late)
      resolve()
    }
    this.#waiting.set(n, { from, done })
    return promise
  }

  /** Waits for nobody any more. */
  forget(): void {
    for (const n of [...this.#waiting.keys()]) this.#noted(n)
  }

  #greet(): void {
    this.#bus.publish('hello', Buffer.from(this.#name))
  }

  #met(peer: string): void {
    const known = this.#peers.has(peer)
    this.#peers.set(peer, performance.now())
    if (!known) this.#greet()
  }

  #gone(peer: string): void {
    this.#peers.delete(peer)
    for (const n of [...this.#waiting.keys()]) this.#note(n, peer)
  }

  #note(n: number, by: string): void {
    const waiting = this.#waiting.get(n)
    if (waiting?.from.delete(by) && waiting.from.size === 0) this.#noted(n)
  }

  #noted(n: number): void {
    this.#waiting.get(n)?.done()
    this.#waiting.delete(n)
  }
}
