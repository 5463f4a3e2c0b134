import type { Bus } from '../bus/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { LATEST_LAYER, readObject, writeInto, writeObject } from '../tl/index.ts'
import type { Others } from '../updates/hub.ts'
import type { App } from './app.ts'
import type { Authorization } from './authorizations.ts'
import { dropHere, lookUp, vet } from './node-looks.ts'
import { Notes } from './node-notes.ts'

/** How often, ms, what this node may have missed is looked up in the database; more often while the bus is cut. */
const LOOK_MS = 5000
const LOOK_CUT_MS = 1000
/** From one attempt to read what must be read to the next, ms. */
const RETRY_MS = 250
/** Wakes that wait for the bus; beyond, the others are told to look for themselves. 16 bytes each on the wire. */
const MAX_WAKES = 32_768
/** Signals, and changes of keys, that wait for the bus. */
const MAX_SIGNALS = 4096
const MAX_NEWS = 10_000

/** What every other node must have taken note of before an answer leaves. */
type News =
  /** An authorization changed hands: read it again. */
  | { auth: string }
  /** A key is no more. */
  | { drop: string }
  /** Whoever publishes this was cut off, or said more than it could: look into the database. */
  | { resync: true }

/** What may get lost. */
type Hint =
  | { follow: number; channel: number; pos?: number | undefined }
  | { push: string; update: string }
  | { say: string; about: number }

/** What features tell their like on the other nodes, by name: something happened to that account. Lossy. */
export type Hearers = Record<string, (app: App, about: number) => Promise<void>>

/**
 * What this node tells the others over the bus, and hears from them. Nothing that matters is on it: wakes, signals, and
 * which keys to read again. What it loses is found in the database, at the latest at the next look.
 */
export class Nodes implements Others {
  /** False for a server that is alone: then nothing here does anything. */
  readonly shared: boolean
  readonly #bus: Bus | undefined
  #app!: App
  #hearers: Hearers = {}
  #hearing = 0
  #wakes = new Map<number, number>()
  #signals: Uint8Array[] = []
  #hints: Hint[] = []
  #news: News[] = []
  /** More was to be said than there is room for, or it did not arrive. */
  #lost = false
  #sending = false
  /** Settles when the news that wait are sent and noted, and those that are on their way. */
  #toldOf: PromiseWithResolvers<void> | undefined
  readonly #telling = new Set<Promise<unknown>>()
  #notes: Notes<News[]> | undefined
  #stopped = false
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #again = false

  constructor(bus: Bus | undefined) {
    this.#bus = bus
    this.shared = bus !== undefined
  }

  /** Whether the other nodes are heard. */
  get connected(): boolean {
    return this.#bus === undefined || this.#bus.state === 'connected'
  }

  /** Nothing is on its way out, and nothing is being looked up. */
  get idle(): boolean {
    return !this.#sending && this.#looking === undefined && this.#telling.size === 0 && this.#hearing === 0
  }

  async start(app: App, hearers: Hearers): Promise<void> {
    this.#app = app
    this.#hearers = hearers
    const bus = this.#bus
    if (!bus) return
    app.authorizations.onChange = (id) => this.#tell({ auth: id })
    bus.subscribe('wake', (data) => this.#onWakes(data))
    bus.subscribe('signal', (data) => this.#onSignal(data))
    bus.subscribe('hint', (data) => this.#onHint(JSON.parse(Buffer.from(data).toString()) as Hint))
    const late = (nodes: string[]) => app.log.warn({ nodes }, 'not every node took note in time')
    const read = (news: News[]) => Promise.all(news.map((one) => this.#onNews(one)))
    this.#notes = new Notes(bus, read, late)
    bus.onState((state) => {
      if (state === 'closed') return
      app.log[state === 'cut' ? 'warn' : 'info']({}, `the bus is ${state}`)
      this.#lost = true
      this.#toldOf?.resolve()
      if (state === 'cut') this.#notes?.forget()
      this.#look(state === 'connected')
      this.#schedule()
      this.#tick()
    })
    this.#tick()
    await this.#notes.start()
  }

  /** The other nodes that are heard. */
  get peers(): number {
    return this.#notes?.peers ?? 0
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#notes?.stop()
    this.#app.authorizations.onChange = undefined
    await this.#looking
    await this.#bus?.[Symbol.asyncDispose]()
  }

  // --- what leaves

  wake(owner: number, pos: number): void {
    if (!this.shared) return
    const known = this.#wakes.get(owner)
    if (known === undefined && this.#wakes.size >= MAX_WAKES) this.#lost = true
    else if (known === undefined || known < pos) this.#wakes.set(owner, pos)
    this.#schedule()
  }

  signal(owner: number, update: tl.Update, except: number, auth: string | undefined): void {
    if (!this.shared || this.#signals.length >= MAX_SIGNALS) return
    const head = Buffer.alloc(17)
    head.writeDoubleLE(owner, 0)
    head.writeDoubleLE(except, 8)
    head.writeUInt8(auth?.length ?? 0, 16)
    this.#signals.push(Buffer.concat([head, Buffer.from(auth ?? '', 'latin1'), writeObject(update, LATEST_LAYER)]))
    this.#schedule()
  }

  follow(account: number, channel: number, pos: number | undefined): void {
    this.#hint({ follow: account, channel, pos })
  }

  /** Tells the others that a key is no more, wherever it is used. */
  dropped(id: string): void {
    this.#tell({ drop: id })
  }

  /** Pushes an update to the sessions of a key that nobody signed in with, on whatever node they are. */
  toKey(key: string, update: tl.Update): void {
    this.#toKeyHere(key, update)
    this.#hint({ push: key, update: Buffer.from(writeObject(update, LATEST_LAYER)).toString('base64') })
  }

  /** Tells the hearers of that name on the other nodes. */
  say(name: string, about: number): void {
    this.#hint({ say: name, about })
  }

  /**
   * Undefined when the others took note of every key that changed, else a promise of that: an answer leaves after it.
   * Where the bus is cut nobody waits: who is cut off reads the database at every call, the others find it at their
   * next look.
   */
  told(): Promise<void> | undefined {
    if (this.#telling.size === 0) return this.#toldOf?.promise
    return Promise.all([...this.#telling, this.#toldOf?.promise]).then(() => {})
  }

  #hint(hint: Hint): void {
    if (!this.shared) return
    if (this.#hints.length >= MAX_SIGNALS) this.#lost = true
    else this.#hints.push(hint)
    this.#schedule()
  }

  #tell(news: News): void {
    if (!this.shared) return
    if (this.#news.length >= MAX_NEWS) this.#lost = true
    else this.#news.push(news)
    if (this.connected) this.#toldOf ??= Promise.withResolvers()
    this.#schedule()
  }

  #schedule(): void {
    if (this.#sending || !this.connected) return
    this.#sending = true
    setImmediate(() => void this.#send())
  }

  /** One batch after the other, each after the bus took the last: what comes meanwhile is put together. */
  async #send(): Promise<void> {
    const bus = this.#bus!
    while (bus.state === 'connected' && this.#due()) {
      const told = this.#toldOf
      this.#toldOf = undefined
      let noted: Promise<void> | undefined
      if (this.#lost) {
        this.#lost = false
        this.#wakes.clear()
        this.#news.push({ resync: true })
      }
      try {
        const batch = this.#news
        this.#news = []
        const hints = this.#hints
        this.#hints = []
        const signals = this.#signals
        this.#signals = []
        if (batch.length > 0) noted = this.#notes!.publish(batch)
        // Who comes into a channel follows it before its wakes arrive.
        for (const hint of hints) bus.publish('hint', Buffer.from(JSON.stringify(hint)))
        if (this.#wakes.size > 0) bus.publish('wake', this.#takeWakes())
        for (const data of signals) bus.publish('signal', data)
        await bus.flush()
      } catch (error) {
        this.#lost = true
        this.#app.log.warn({ err: error }, 'the bus did not take what was said')
        if (bus.state === 'connected') await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      } finally {
        this.#settle(told, noted)
      }
    }
    this.#sending = false
  }

  #settle(told: PromiseWithResolvers<void> | undefined, noted: Promise<void> | undefined): void {
    if (!told) return
    if (!noted) {
      told.resolve()
      return
    }
    const telling = noted.then(() => {
      told.resolve()
      this.#telling.delete(telling)
    })
    this.#telling.add(telling)
  }

  #due(): boolean {
    return (
      this.#lost || this.#wakes.size > 0 || this.#news.length > 0 || this.#hints.length > 0 || this.#signals.length > 0
    )
  }

  #takeWakes(): Uint8Array {
    const data = Buffer.allocUnsafe(this.#wakes.size * 16)
    let at = 0
    for (const [owner, pos] of this.#wakes) {
      data.writeDoubleLE(owner, at)
      data.writeDoubleLE(pos, at + 8)
      at += 16
    }
    this.#wakes.clear()
    return data
  }

  // --- what comes

  #onWakes(data: Uint8Array): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    const { hub } = this.#app
    for (let at = 0; at + 16 <= data.length; at += 16) {
      hub.wake(view.getFloat64(at, true), view.getFloat64(at + 8, true))
    }
  }

  #onSignal(data: Uint8Array): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    const owner = view.getFloat64(0, true)
    const { hub } = this.#app
    if (!hub.listening(owner)) return
    const end = 17 + data[16]!
    const auth = end > 17 ? Buffer.from(data.subarray(17, end)).toString('latin1') : undefined
    hub.signalHere(owner, readObject(data.slice(end)) as tl.Update, view.getFloat64(8, true), auth)
  }

  #onHint(hint: Hint): void {
    const app = this.#app
    if ('follow' in hint) {
      app.hub.followHere(hint.follow, hint.channel, hint.pos)
      // What was appended since may have been told of before.
      if (hint.pos !== undefined) app.hub.wake(hint.channel, hint.pos)
    } else if ('push' in hint) {
      if (app.authorizations.get(hint.push)) {
        this.#toKeyHere(hint.push, readObject(Buffer.from(hint.update, 'base64')) as tl.Update)
      }
    } else void this.#hear(hint.say, hint.about)
  }

  async #hear(name: string, about: number): Promise<void> {
    this.#hearing++
    try {
      await this.#hearers[name]?.(this.#app, about)
    } catch (error) {
      this.#app.log.warn({ err: error, about: name }, 'what another node said came to nothing')
    } finally {
      this.#hearing--
    }
  }

  #onNews(news: News): Promise<void> | undefined {
    if ('auth' in news) return this.#doubt(news.auth)
    if ('drop' in news) dropHere(this.#app, news.drop)
    else this.#look(true)
  }

  #toKeyHere(key: string, update: tl.Update): void {
    const updates: tl.Updates = { _: 'updateShort', update, date: Math.floor(this.#app.clock.now() / 1000) }
    for (const { pipe, auth } of this.#app.authorizations.get(key)?.sessions ?? []) {
      pipe.push((writer) => writeInto(writer, updates, auth.layer || LATEST_LAYER))
    }
  }

  // --- what is so

  /**
   * Set while an authorization is being read again, since another node has changed it; and at every call while the bus
   * is cut, when nobody could tell. What is in memory is believed otherwise.
   */
  doubt(auth: Authorization): Promise<void> | undefined {
    if (auth.doubt !== undefined) return auth.doubt
    return this.connected || !auth.bound ? undefined : vet(this.#app, [auth.id])
  }

  async #doubt(id: string): Promise<void> {
    const auth = this.#app.authorizations.get(id) ?? (await this.#app.authorizations.settled(id))
    if (!auth) return
    const doubt = (auth.doubt ?? Promise.resolve())
      .then(() => this.#clear(id))
      .finally(() => {
        if (auth.doubt === doubt) auth.doubt = undefined
      })
    auth.doubt = doubt
    return doubt
  }

  /** Reads it till it succeeds: its calls wait. */
  async #clear(id: string): Promise<void> {
    while (!this.#stopped) {
      try {
        return await vet(this.#app, [id])
      } catch (error) {
        this.#app.log.warn({ err: error }, 'an authorization could not be read again')
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  #tick(): void {
    if (!this.shared) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(
      () => {
        this.#look(false)
        this.#tick()
      },
      this.connected ? LOOK_MS : LOOK_CUT_MS,
    )
    this.#timer.unref()
  }

  /** Looks up what nobody told, or what was told and got lost. `whole`: also who is in which channel. */
  #look(whole: boolean): void {
    if (this.#looking) {
      this.#again ||= whole
      return
    }
    this.#looking = lookUp(this.#app, whole)
      .catch((error) => this.#app.log.warn({ err: error }, 'what other nodes did could not be looked up'))
      .finally(() => {
        this.#looking = undefined
        if (!this.#again) return
        this.#again = false
        this.#look(true)
      })
  }
}
