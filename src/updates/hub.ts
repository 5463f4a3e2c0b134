import { added, NONE } from '../mtproto/lists.ts'
import type * as tl from '../tl/gen/types.ts'
import { LEAVES_ROWS, type Logged } from './facts.ts'
import { Feed, type Shape, type Sharing } from './feed.ts'
import type { Published } from './log.ts'

/** A live session's place in a box. */
export interface Subscriber {
  /** Something was appended: read on from where you stand. */
  wake(owner?: number): void
  /** This position was written by the subscriber's own call and counts as sent. */
  own(owner: number, pos: number): void
  /** Everything appended so far has been sent. */
  readonly idle: boolean
  /** An update that is never logged: typing, online status. */
  signal(update: tl.Update, auth?: string): void
  /** The account has come into a channel: its box is read from here on. */
  follow(owner: number, pos: number): void
  /** The account is in that channel no more. */
  unfollow(owner: number): void
  /** Whose session it is, whether a bot's, and the layer it speaks (0: the newest). */
  readonly account: number
  readonly bot: boolean
  readonly layer: number
  /** Where it stands in that box if it can take a push right now; undefined where it has to read by itself. */
  ready(owner: number): number | undefined
  /** Sends what was written for many; the box has been sent up to there. */
  take(owner: number, pos: number, shape: Shape): void
  /** Up to where it was sent that box; undefined where it does not read it. */
  at(owner: number): number | undefined
  /** It reads nothing more. */
  close(): void
  /** The boxes it reads. */
  readonly boxes: Iterable<number>
}

/** How the other nodes are told. In one process nobody else is there. */
export interface Others {
  wake(owner: number, pos: number): void
  signal(owner: number, update: tl.Update, except: number, auth: string | undefined): void
  follow(account: number, channel: number, pos: number | undefined): void
}

/** Facts kept in memory per box that somebody listens to, so that a wake need not read them again. */
const TAIL = 128

/** How often, in ms, those are forgotten to which nothing was added meanwhile, nor in the time before. */
const TAIL_MS = 30_000

/** For so long, in ms, a fact keeps the row it names: till the sessions that are connected have read it. */
const WRITTEN_MS = 100

/** Channels' boxes are owned by marked ids below this. */
const CHANNEL_BASE = -1_000_000_000_000

interface Box {
  readonly subscribers: Set<Subscriber>
  feed: Feed | undefined
  tail: readonly Logged[]
  /** The last position that a commit has told of. */
  newest: number
  /** The stretch of time in which something was appended last. */
  stretch: number
}

/**
 * Who listens to which box on this node. A wake carries no data: a session reads its log from where it stands,
 * out of the tail in memory where that reaches back far enough, else out of the database.
 */
export class Hub {
  readonly #boxes = new Map<number, Box>()
  readonly #others: Others | undefined
  /** Facts that hold the row they name, of the present and of the last stretch of time. */
  #written: Logged[] = []
  #writtenBefore: Logged[] = []
  #forgetting: NodeJS.Timeout | undefined
  /** Counts stretches of time; a timer runs while there are tails. */
  #stretch = 0
  #shortening: NodeJS.Timeout | undefined
  wakes = 0
  /** Boxes whose readers are being pushed to together. */
  feeding = 0
  /** Renders for many at once; without it every session renders for itself. */
  sharing: Sharing | undefined
  /** Counts up whenever somebody comes into a channel or goes out of it. */
  follows = 0

  constructor(others?: Others) {
    this.#others = others
  }

  subscribe(owner: number, subscriber: Subscriber): void {
    let box = this.#boxes.get(owner)
    if (!box) {
      box = { subscribers: new Set(), feed: undefined, tail: NONE, newest: 0, stretch: 0 }
      this.#boxes.set(owner, box)
    }
    box.subscribers.add(subscriber)
  }

  unsubscribe(owner: number, subscriber: Subscriber): void {
    const box = this.#boxes.get(owner)
    if (!box) return
    box.subscribers.delete(subscriber)
    if (box.subscribers.size === 0) this.#boxes.delete(owner)
  }

  /** True while some session of that box is connected to this node. */
  listening(owner: number): boolean {
    return this.#boxes.has(owner)
  }

  /** The boxes somebody reads on this node, each with where the last of its readers stands. */
  *standing(): Generator<[owner: number, pos: number]> {
    for (const [owner, { subscribers }] of this.#boxes) {
      let pos = Number.POSITIVE_INFINITY
      for (const each of subscribers) pos = Math.min(pos, each.at(owner) ?? pos)
      yield [owner, pos]
    }
  }

  /** The accounts that have sessions on this node. */
  *accounts(): Generator<number> {
    for (const owner of this.#boxes.keys()) if (owner > 0) yield owner
  }

  /** Makes an account's sessions read these channels, from there on, and no others. */
  refollow(account: number, channels: ReadonlyMap<number, number>): void {
    for (const subscriber of this.#boxes.get(account)?.subscribers ?? []) {
      for (const owner of [...subscriber.boxes]) {
        if (owner !== account && !channels.has(owner)) subscriber.unfollow(owner)
      }
      for (const [channel, pos] of channels) subscriber.follow(channel, pos)
    }
  }

  /** Called after the commit is durable, with what it appended, in order. */
  committed(published: readonly Published[]): void {
    const woken = new Map<number, Box>()
    for (const entry of published) {
      this.#others?.wake(entry.owner, entry.pos)
      const box = this.#boxes.get(entry.owner)
      if (!box) continue
      // Another commit of this box may still be on its way to us: then the tail starts anew, and readers that stand
      // before it go to the database. So do all when it comes late, after one that was committed later.
      if (entry.pos !== box.newest + 1) box.tail = NONE
      if (entry.pos > box.newest) {
        box.tail = added(box.tail, entry)
        box.newest = entry.pos
        box.stretch = this.#stretch
        this.#shortening ??= setTimeout(() => this.#shorten(), TAIL_MS).unref()
      }
      if (entry.written !== undefined) this.#keep(entry)
      if (!LEAVES_ROWS.has(entry.fact.kind)) for (const each of box.tail) each.written = undefined
      if (box.tail.length > TAIL) box.tail = box.tail.slice(TAIL / 2)
      entry.by?.subscriber?.own(entry.owner, entry.pos)
      woken.set(entry.owner, box)
    }
    for (const [owner, box] of woken) this.#wakeBox(owner, box)
  }

  /** Whoever is connected has read what was appended long ago; others read the log. */
  #shorten(): void {
    this.#stretch++
    let left = false
    for (const box of this.#boxes.values()) {
      if (box.tail.length === 0) continue
      if (box.stretch < this.#stretch - 1) box.tail = NONE
      else left = true
    }
    this.#shortening = left ? setTimeout(() => this.#shorten(), TAIL_MS).unref() : undefined
  }

  /** Lets go of the row that a fact holds after a while. */
  #keep(entry: Logged): void {
    this.#written.push(entry)
    this.#forgetting ??= setTimeout(() => this.#forget(), WRITTEN_MS).unref()
  }

  #forget(): void {
    for (const entry of this.#writtenBefore) entry.written = undefined
    this.#writtenBefore = this.#written
    this.#written = []
    this.#forgetting =
      this.#writtenBefore.length === 0 ? undefined : setTimeout(() => this.#forget(), WRITTEN_MS).unref()
  }

  /** What shows with the messages of a box has changed: rows that its facts hold do not know of it. */
  outdate(owner: number): void {
    for (const each of this.#boxes.get(owner)?.tail ?? []) each.written = undefined
  }

  /** Another node has appended to a box, up to there. */
  wake(owner: number, pos: number): void {
    const box = this.#boxes.get(owner)
    if (!box) return
    // What comes late of our own, from before it, must not begin a tail that lacks it.
    box.newest = Math.max(box.newest, pos)
    box.tail = NONE
    this.#wakeBox(owner, box)
  }

  #wakeBox(owner: number, box: Box): void {
    if (this.sharing !== undefined && owner < CHANNEL_BASE && box.subscribers.size > 1) {
      this.wakes += box.subscribers.size
      box.feed ??= new Feed(owner, box.subscribers, this, this.sharing)
      box.feed.wake()
      return
    }
    for (const subscriber of box.subscribers) {
      this.wakes++
      subscriber.wake(owner)
    }
  }

  /** Facts after `pos` that are in memory, or undefined when they must be read. */
  tail(owner: number, pos: number): Logged[] | undefined {
    const tail = this.#boxes.get(owner)?.tail
    const first = tail?.[0]
    if (!tail || !first || first.pos > pos + 1) return undefined
    return tail.slice(Math.max(0, pos + 1 - first.pos))
  }

  /** Pushes an update that is never logged to the sessions of that account that are connected. */
  signal(owner: number, update: tl.Update, except = 0, auth?: string): void {
    this.#others?.signal(owner, update, except, auth)
    this.signalHere(owner, update, except, auth)
  }

  /** @param except an account whose sessions need no telling @param auth the only authorization that is told */
  signalHere(owner: number, update: tl.Update, except = 0, auth?: string): void {
    const box = this.#boxes.get(owner)
    if (!box) return
    for (const subscriber of box.subscribers) if (subscriber.account !== except) subscriber.signal(update, auth)
  }

  /**
   * An account has come into a channel, or has gone out of it (`pos` undefined): its sessions read the channel's box
   * from there on, or no more.
   */
  follow(account: number, channel: number, pos: number | undefined): void {
    this.#others?.follow(account, channel, pos)
    this.followHere(account, channel, pos)
  }

  followHere(account: number, channel: number, pos: number | undefined): void {
    this.follows++
    const box = this.#boxes.get(account)
    if (!box) return
    for (const subscriber of box.subscribers) {
      if (pos === undefined) subscriber.unfollow(channel)
      else subscriber.follow(channel, pos)
    }
  }
}
