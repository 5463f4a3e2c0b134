import type { Bus } from '../bus/index.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { LATEST_LAYER, readObject, writeInto, writeObject } from '../tl/index.ts'
import type { Others } from '../updates/hub.ts'
import type { App } from './app.ts'
import type { Authorization } from './authorizations.ts'

/** How often, ms, what this node may have missed is looked up in the database; more often while the bus is cut. */
const LOOK_MS = 5000
const LOOK_CUT_MS = 1000
/** From one attempt to read what must be read to the next, ms. */
const RETRY_MS = 250
/** How often who is in which channel is read again because somebody came or went meanwhile. */
const TRIES = 5
/** Boxes, accounts or keys asked for at once. */
const AT_ONCE = 1000
/** Wakes that wait for the bus; beyond, the others are told to look for themselves. 16 bytes each on the wire. */
const MAX_WAKES = 32_768
/** Signals, and changes of keys, that wait for the bus. */
const MAX_SIGNALS = 4096
const MAX_NEWS = 10_000

/** What every other node must hear of before an answer leaves. */
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
export type Hearers = Record<string, (app: App, about: number) => void>

const positions = query<{ owners: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('box')
    .select(['owner', 'pos'])
    .where('owner', 'in', d.each(p.owners) as never),
)
const authorizations = query<{ ids: readonly string[] }>()((db, p, d) =>
  db
    .selectFrom('auth_key')
    .leftJoin('user', 'user.id', 'auth_key.user_id')
    .select(['auth_key.id', 'auth_key.user_id', 'password_pending_user', 'user.bot'])
    .where('auth_key.id', 'in', d.eachText(p.ids) as never),
)
const memberships = query<{ users: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('channel_member')
    .select(['user_id', 'channel_id'])
    .where('user_id', 'in', d.each(p.users) as never)
    .where('state', '=', 0),
)
const CHANNEL_BASE = -1_000_000_000_000

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
  #wakes = new Map<number, number>()
  #signals: Uint8Array[] = []
  #hints: Hint[] = []
  #news: News[] = []
  /** More was to be said than there is room for, or it did not arrive. */
  #lost = false
  #sending = false
  /** Of the news that wait, and of those that are being sent. */
  #toldOf: PromiseWithResolvers<void> | undefined
  #telling: PromiseWithResolvers<void> | undefined
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
    return !this.#sending && this.#looking === undefined
  }

  start(app: App, hearers: Hearers): void {
    this.#app = app
    this.#hearers = hearers
    const bus = this.#bus
    if (!bus) return
    app.authorizations.onChange = (id) => this.#tell({ auth: id })
    bus.subscribe('wake', (data) => this.#onWakes(data))
    bus.subscribe('signal', (data) => this.#onSignal(data))
    bus.subscribe('hint', (data) => this.#onHint(JSON.parse(Buffer.from(data).toString()) as Hint))
    bus.subscribe('news', (data) => this.#onNews(JSON.parse(Buffer.from(data).toString()) as News))
    bus.onState((state) => {
      if (state === 'closed') return
      app.log[state === 'cut' ? 'warn' : 'info']({}, `the bus is ${state}`)
      this.#lost = true
      this.#toldOf?.resolve()
      this.#look(state === 'connected')
      this.#schedule()
      this.#tick()
    })
    this.#tick()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
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
   * Undefined when the others were told of every key that changed, else a promise of that: an answer leaves after it.
   * Where the bus is cut nobody waits: who is cut off reads the database at every call, the others find it at their
   * next look.
   */
  told(): Promise<void> | undefined {
    return (this.#toldOf ?? this.#telling)?.promise
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
      this.#telling = this.#toldOf
      this.#toldOf = undefined
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
        for (const news of batch) bus.publish('news', Buffer.from(JSON.stringify(news)))
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
        this.#telling?.resolve()
        this.#telling = undefined
      }
    }
    this.#sending = false
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
    } else this.#hearers[hint.say]?.(app, hint.about)
  }

  #onNews(news: News): void {
    if ('auth' in news) void this.#doubt(news.auth)
    else if ('drop' in news) this.#dropHere(news.drop)
    else this.#look(true)
  }

  #toKeyHere(key: string, update: tl.Update): void {
    const updates: tl.Updates = { _: 'updateShort', update, date: Math.floor(this.#app.clock.now() / 1000) }
    for (const { pipe, auth } of this.#app.authorizations.get(key)?.sessions ?? []) {
      pipe.push((writer) => writeInto(writer, updates, auth.layer || LATEST_LAYER))
    }
  }

  #dropHere(id: string): void {
    this.#app.authorizations.changedHere(id, 0)
    this.#app.dropKeyHere(BigInt(`0x${id}`))
  }

  // --- what is so

  /**
   * Set while an authorization is being read again, since another node has changed it; and at every call while the bus
   * is cut, when nobody could tell. What is in memory is believed otherwise.
   */
  doubt(auth: Authorization): Promise<void> | undefined {
    if (auth.doubt !== undefined) return auth.doubt
    return this.connected || !auth.bound ? undefined : this.#vet([auth.id])
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
  }

  /** Reads it till it succeeds: its calls wait. */
  async #clear(id: string): Promise<void> {
    while (!this.#stopped) {
      try {
        return await this.#vet([id])
      } catch (error) {
        this.#app.log.warn({ err: error }, 'an authorization could not be read again')
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  /** Brings what is in memory of these keys to what the database says. */
  async #vet(ids: readonly string[]): Promise<void> {
    const { authorizations: live, store } = this.#app
    const before = new Map<Authorization, number>()
    for (const id of ids) {
      const auth = live.get(id)
      if (auth) before.set(auth, auth.version)
    }
    const rows = new Map((await store.run(authorizations, { ids })).map((row) => [row.id, row]))
    for (const [auth, version] of before) {
      // What changed here meanwhile is newer than what was read.
      if (live.get(auth.id) !== auth || auth.version !== version) continue
      const row = rows.get(auth.id)
      if (!row) this.#dropHere(auth.id)
      else if ((row.user_id ?? 0) !== auth.userId) this.#changeHands(auth, row.user_id ?? 0, row.bot === 1)
      if (row) auth.passwordPending = row.password_pending_user ?? 0
    }
  }

  #changeHands(auth: Authorization, userId: number, bot: boolean): void {
    const ended = userId === 0
    this.#app.authorizations.changedHere(auth.id, userId, bot)
    if (ended) for (const { pipe } of [...auth.sessions]) pipe.close('signed out')
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
    this.#looking = this.#lookUp(whole)
      .catch((error) => this.#app.log.warn({ err: error }, 'what other nodes did could not be looked up'))
      .finally(() => {
        this.#looking = undefined
        if (!this.#again) return
        this.#again = false
        this.#look(true)
      })
  }

  async #lookUp(whole: boolean): Promise<void> {
    const { authorizations: live, hub, store } = this.#app
    const ids = [...live.all()].map((auth) => auth.id)
    for (let i = 0; i < ids.length; i += AT_ONCE) await this.#vet(ids.slice(i, i + AT_ONCE))
    if (whole) await this.#refollow()
    const boxes = new Map(hub.standing())
    const owners = [...boxes.keys()]
    for (let i = 0; i < owners.length; i += AT_ONCE) {
      for (const { owner, pos } of await store.run(positions, { owners: owners.slice(i, i + AT_ONCE) })) {
        if (pos > boxes.get(owner)!) hub.wake(owner, pos)
      }
    }
  }

  async #refollow(): Promise<void> {
    const { hub, store } = this.#app
    const accounts = [...hub.accounts()]
    for (let i = 0; i < accounts.length; i += AT_ONCE) {
      const users = accounts.slice(i, i + AT_ONCE)
      for (let tries = 1; tries <= TRIES; tries++) {
        const { follows } = hub
        const rows = await store.run(memberships, { users })
        const owners = [...new Set(rows.map((row) => CHANNEL_BASE - row.channel_id))]
        const places = new Map<number, number>()
        for (let j = 0; j < owners.length; j += AT_ONCE) {
          const found = await store.run(positions, { owners: owners.slice(j, j + AT_ONCE) })
          for (const { owner, pos } of found) places.set(owner, pos)
        }
        // Somebody came or went meanwhile: what was read may be older.
        if (hub.follows !== follows) continue
        const of = new Map<number, Map<number, number>>(users.map((user) => [user, new Map()]))
        for (const { user_id, channel_id } of rows) {
          const owner = CHANNEL_BASE - channel_id
          of.get(user_id)?.set(owner, places.get(owner) ?? 0)
        }
        for (const [user, channels] of of) hub.refollow(user, channels)
        break
      }
    }
  }
}
