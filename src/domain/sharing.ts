import type { App } from '../rpc/app.ts'
import { Context, type Ctx, systemCtx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { collectPeersApart, LATEST_LAYER, newWriter, writeInto } from '../tl/index.ts'
import { type FactKind, type Facts, type Logged, renderFacts } from '../updates/facts.ts'
import type { Shape, Shared, Sharing } from '../updates/feed.ts'
import type { Subscriber } from '../updates/hub.ts'
import { readLog } from '../updates/log.ts'
import { type Around, around } from './audience.ts'
import { STATE } from './channel-rows.ts'
import { complete } from './complete.ts'
import { Holes, Look } from './holes.ts'
import { bareId } from './peers.ts'

/** Facts written in one piece, and read at a time where memory has none. */
const MOST = 100
/** Where each fact names somebody else, pieces end at multiples of it: so readers who began apart come together. */
const PIECE = 16
/** Users and other channels that come along, and looks that are written; where there are more, everybody gets their own. */
const USERS = 24
const CHANNELS = 4
const LOOKS = 16

const plainMembers = query<{ channel: number; users: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('channel_member')
    .select(['user_id', 'date'])
    .where('channel_id', '=', p.channel)
    .where('user_id', 'in', d.each(p.users) as never)
    .where('state', '=', STATE.in)
    .where('role', '=', 0)
    .where('banned_rights', 'is', null),
)
const secretive = query<{ users: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('privacy')
    .select('owner')
    .where('owner', 'in', d.each(p.users) as never)
    .where('key', '=', 'statusTimestamp'),
)

/** The plain members of a channel that read it here, and when each came in. */
interface Members {
  readonly joined: Map<number, number>
  readonly asked: Set<number>
  readonly version: string | undefined
}

/** One way in which plain members see users and channels, and one of those who see them so. */
interface Kind {
  readonly viewer: number
  readonly layers: Set<number>
  readonly looks: Map<number, Shape>
}

/**
 * Renders what a channel's log tells its members once for all to whom it looks the same, with access hashes and the like
 * left out and filled in for each. To whom it may look otherwise is decided here and in `around`, always on the safe
 * side: they read and render for themselves. That both come to the same bytes is what the harness checks in every test.
 */
export class ChannelSharing implements Sharing {
  readonly #app: App
  readonly #members = new WeakMap<ReadonlySet<Subscriber>, Members>()

  constructor(app: App) {
    this.#app = app
  }

  failed(owner: number, error: unknown): void {
    this.#app.log.error({ err: error, owner }, 'a shared push failed')
  }

  async read(owner: number, pos: number): Promise<Logged[] | undefined> {
    const facts = await readLog(systemCtx(this.#app), owner, pos, MOST)
    await this.#app.store.settled()
    return facts.length < MOST ? facts : undefined
  }

  async share(owner: number, readers: ReadonlySet<Subscriber>, facts: readonly Logged[]): Promise<Shared | undefined> {
    if (facts.length > MOST) return this.share(owner, readers, facts.slice(0, MOST))
    const others = await this.#others(facts)
    if (!others) return undefined
    const channel = bareId(owner)
    const joined = await this.#plain(channel, readers)
    const first = someone(readers, (reader) => joined.has(reader.account) && !others.has(reader.account))
    if (!first) return undefined
    const holes = new Holes(this.#app)
    const rendered = await renderFacts(this.#as(first.account, holes), facts)
    const some = fitting(facts, rendered)
    if (some > 0 && some < facts.length) return this.share(owner, readers, facts.slice(0, some))
    const updates = rendered.filter((u) => u !== undefined)
    if (updates.length === 0) return undefined
    const { needed, apart } = collectPeersApart(updates)
    const { users, chats, channels } = needed
    channels.delete(channel)
    // Whom of those one knows is everybody's own.
    if (apart.users.size > 0 || apart.channels.size > 0) return undefined
    if (chats.size > 0 || users.size > USERS || channels.size > CHANNELS) return undefined
    const accounts = [...readers].map((reader) => reader.account)
    const scene = await around(systemCtx(this.#app), users, channels, accounts)
    if (!scene) return undefined
    const sorted = sort(readers, (account) =>
      others.has(account) || !joined.has(account) ? undefined : scene.look(account),
    )
    if (sorted.size > LOOKS) return undefined
    const { date, pos } = facts.at(-1)!
    const comes = (account: number, to: number) => (to === channel ? joined : scene.joined.get(to))!.get(account)!
    for (const kind of sorted.values()) await this.#write(kind, { updates, date }, holes, comes)
    return new Sorted(pos, others, joined, scene, sorted)
  }

  #as(account: number, holes: Holes): Context {
    const ctx = new Context(this.#app, account)
    ctx.holes = holes
    return ctx
  }

  async #write(
    kind: Kind,
    { updates, date }: { updates: tl.Update[]; date: number },
    holes: Holes,
    joined: (account: number, channel: number) => number,
  ): Promise<void> {
    const bare: tl.updates = { _: 'updates', updates, users: [], chats: [], date, seq: 0 }
    const full = await complete(this.#as(kind.viewer, holes), bare)
    const users = full.users.flatMap((user) => (user._ === 'user' && !user.min ? [user.id] : []))
    for (const layer of kind.layers) {
      const w = newWriter(1024)
      writeInto(w, full, layer)
      const bytes = w.copy()
      const found = holes.find(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
      if (found) kind.looks.set(layer, new Look(this.#app, { bytes, holes: found }, users, joined))
    }
  }

  /** Accounts that see these facts otherwise than the rest. */
  async #others(facts: readonly Logged[]): Promise<Set<number> | undefined> {
    const all = new Set<number>()
    for (const [name, those] of Map.groupBy(facts, (f) => f.fact.kind)) {
      const kind = this.#app.facts[name] as FactKind<keyof Facts>
      const found = await kind.others?.(systemCtx(this.#app), those)
      if (!found) return undefined
      for (const account of found) all.add(account)
    }
    return all
  }

  /** Readers who are members without rights, restrictions or a status of their own, and when they came in. */
  async #plain(channel: number, readers: ReadonlySet<Subscriber>): Promise<Map<number, number>> {
    const { store } = this.#app
    const version = store.version && `${store.version('channel_member')} ${store.version('privacy')}`
    let members = this.#members.get(readers)
    if (!members || version === undefined || members.version !== version) {
      members = { joined: new Map(), asked: new Set(), version }
      this.#members.set(readers, members)
    }
    const unknown: number[] = []
    for (const { account } of readers) {
      if (members.asked.has(account)) continue
      members.asked.add(account)
      unknown.push(account)
    }
    if (unknown.length === 0) return members.joined
    const ctx: Ctx = systemCtx(this.#app)
    const kept = new Set((await ctx.run(secretive, { users: unknown })).map((row) => row.owner))
    for (const row of await ctx.run(plainMembers, { channel, users: unknown })) {
      if (!kept.has(row.user_id)) members.joined.set(row.user_id, row.date)
    }
    return members.joined
  }
}

class Sorted implements Shared {
  readonly to: number
  readonly #others: ReadonlySet<number>
  readonly #joined: ReadonlyMap<number, number>
  readonly #scene: Around
  readonly #kinds: ReadonlyMap<number, Kind>

  constructor(
    to: number,
    others: ReadonlySet<number>,
    joined: ReadonlyMap<number, number>,
    scene: Around,
    kinds: ReadonlyMap<number, Kind>,
  ) {
    this.to = to
    this.#others = others
    this.#joined = joined
    this.#scene = scene
    this.#kinds = kinds
  }

  for(reader: Subscriber): Shape | undefined {
    const { account } = reader
    if (reader.bot || this.#others.has(account) || !this.#joined.has(account)) return undefined
    const look = this.#scene.look(account)
    return look === undefined ? undefined : this.#kinds.get(look)?.looks.get(reader.layer || LATEST_LAYER)
  }
}

/** How many facts, from the first on, name no more users than can come along. */
function fitting(facts: readonly Logged[], rendered: readonly (tl.Update | undefined)[]): number {
  const users = new Set<number>()
  let aligned = 0
  for (const [i, update] of rendered.entries()) {
    if (update) for (const user of collectPeersApart([update]).needed.users) users.add(user)
    if (users.size > USERS) return aligned || i
    if (facts[i]!.pos % PIECE === 0) aligned = i + 1
  }
  return facts.length
}

function someone(readers: Iterable<Subscriber>, fits: (reader: Subscriber) => boolean): Subscriber | undefined {
  for (const reader of readers) if (!reader.bot && fits(reader)) return reader
  return undefined
}

/** Readers by how they see what comes along, and the layers of each. */
function sort(readers: Iterable<Subscriber>, lookOf: (account: number) => number | undefined): Map<number, Kind> {
  const kinds = new Map<number, Kind>()
  for (const reader of readers) {
    const look = reader.bot ? undefined : lookOf(reader.account)
    if (look === undefined) continue
    let kind = kinds.get(look)
    if (!kind) kinds.set(look, (kind = { viewer: reader.account, layers: new Set(), looks: new Map() }))
    kind.layers.add(reader.layer || LATEST_LAYER)
  }
  return kinds
}
