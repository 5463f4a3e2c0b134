import { sql } from 'kysely'
import { added, NONE } from '../mtproto/lists.ts'
import type { App } from '../rpc/app.ts'
import { Context, type Ctx } from '../rpc/context.ts'
import type { RpcSession } from '../rpc/session.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { LATEST_LAYER, writeInto } from '../tl/index.ts'
import { type Logged, renderFacts } from './facts.ts'
import type { Shape } from './feed.ts'
import type { Subscriber } from './hub.ts'
import { boxState, readLog } from './log.ts'

/** Facts read and rendered at a time. */
const BATCH = 100
/** A session that stands so many facts behind is told to fetch the difference itself. */
const TOO_FAR = 2000
/** Bytes waiting for a slow socket above which its session reads its log later. */
const QUEUE_BOUND = 256 * 1024

/** Channels' boxes are owned by marked ids below this. */
const CHANNEL_BASE = -1_000_000_000_000

/** Where an account's own box stands, and those of the channels it is in. */
const boxesOf = query<{ user: number }>()((db, p) =>
  db
    .selectFrom('box')
    .select(['owner', 'pos'])
    .where((eb) =>
      eb.or([
        eb('owner', '=', p.user),
        eb(
          'owner',
          'in',
          eb
            .selectFrom('channel_member')
            .select(sql<number>`${sql.lit(CHANNEL_BASE)} - channel_id`.as('owner'))
            .where('user_id', '=', p.user)
            .where('state', '=', 0),
        ),
      ]),
    ),
)

/**
 * Fills `users` and `chats` of an answer for its viewer; given by domain/, which ranks above.
 * @param channels whether it comes out of channels: strangers may be reduced there
 */
export type Completer = (ctx: Ctx, updates: tl.updates, channels: boolean) => Promise<tl.updates>

/** How far a session has been sent a box. */
interface Place {
  pos: number
  /** Positions the session's own calls wrote: they count as sent. */
  own: Set<number> | undefined
}

/**
 * Pushes the logs of an account's box and of the channels it is in to one session: wake, then read. The same reading
 * and rendering serve updates.getDifference and getChannelDifference, so they cannot disagree.
 * https://core.telegram.org/api/updates
 */
export class Pusher implements Subscriber {
  readonly account: number
  readonly #session: RpcSession
  readonly #app: App
  readonly #complete: Completer
  readonly #places = new Map<number, Place>()
  #woken: Set<number> | undefined
  #signals: readonly tl.Update[] = NONE
  #running = false
  #closed = false
  /** Channels that the account has left while it is being read in which it is. */
  #left: Set<number> | undefined

  constructor(session: RpcSession, app: App, account: number, complete: Completer) {
    this.account = account
    this.#session = session
    this.#app = app
    this.#complete = complete
  }

  /**
   * Begins: reads where the boxes stand, and is told meanwhile of what is appended to the account's, and of channels
   * that it comes into.
   */
  async open(read: () => Promise<{ owner: number; pos: number }[]>): Promise<void> {
    this.#running = true
    this.#left = new Set()
    this.follow(this.account, 0)
    try {
      for (const { owner, pos } of await read()) {
        if (owner === this.account) this.#begin(pos)
        else if (!this.#left.has(owner)) this.follow(owner, pos)
      }
    } finally {
      this.#left = undefined
      this.#running = false
    }
    // Something may have been appended between reading the positions and subscribing.
    this.wake()
  }

  #begin(pos: number): void {
    const place = this.#places.get(this.account)
    if (!place) return
    place.pos = pos
    for (const own of place.own ?? NONE) if (own <= pos) place.own!.delete(own)
    if (place.own?.size === 0) place.own = undefined
  }

  at(owner: number): number | undefined {
    return this.#places.get(owner)?.pos
  }

  get boxes(): Iterable<number> {
    return this.#places.keys()
  }

  /** @param owner the box in which something was appended; all of them when it is left out */
  wake(owner?: number): void {
    this.#woken ??= new Set()
    if (owner !== undefined) this.#woken.add(owner)
    else for (const each of this.#places.keys()) this.#woken.add(each)
    if (this.#running || this.#closed) return
    this.#running = true
    setImmediate(() => void this.#run())
  }

  own(owner: number, pos: number): void {
    const place = this.#places.get(owner)
    if (!place || pos <= place.pos) return
    if (pos === place.pos + 1) place.pos = pos
    else {
      place.own ??= new Set()
      place.own.add(pos)
    }
  }

  follow(owner: number, pos: number): void {
    if (this.#closed || this.#places.has(owner)) return
    this.#places.set(owner, { pos, own: undefined })
    this.#app.hub.subscribe(owner, this)
  }

  unfollow(owner: number): void {
    this.#left?.add(owner)
    if (this.#places.delete(owner)) this.#app.hub.unsubscribe(owner, this)
    this.#woken?.delete(owner)
  }

  get bot(): boolean {
    return this.#session.auth.bot
  }

  get layer(): number {
    return this.#session.auth.layer
  }

  ready(owner: number): number | undefined {
    const place = this.#places.get(owner)
    if (!place || this.#running || this.#closed || this.#wakened || place.own !== undefined) return undefined
    const { pipe, writing } = this.#session
    return pipe.connected && !writing && pipe.queued <= QUEUE_BOUND ? place.pos : undefined
  }

  take(owner: number, pos: number, shape: Shape): void {
    this.#places.get(owner)!.pos = pos
    for (const user of shape.users) this.#session.know(user)
    this.#session.pipe.push(shape.outgoing(this.account))
  }

  signal(update: tl.Update, auth?: string): void {
    if (auth !== undefined && auth !== this.#session.auth.id) return
    // Signals are worth nothing when they are late: a slow session goes without.
    if (this.#signals.length >= BATCH || !this.#session.pipe.connected) return
    this.#signals = added(this.#signals, update)
    this.wake(this.account)
  }

  close(): void {
    this.#closed = true
    for (const owner of [...this.#places.keys()]) this.unfollow(owner)
  }

  /** True when everything appended so far has been pushed. */
  get idle(): boolean {
    return !this.#running && !this.#wakened && this.#app.hub.feeding === 0
  }

  get #wakened(): boolean {
    return this.#woken !== undefined && this.#woken.size > 0
  }

  async #run(): Promise<void> {
    const ctx = new Context(this.#app, this.account, this.#session)
    try {
      while (this.#woken !== undefined && this.#woken.size > 0 && !this.#closed) {
        const pipe = this.#session.pipe
        if (!pipe.connected) break
        if (pipe.queued > QUEUE_BOUND) {
          pipe.onDrain = () => {
            pipe.onDrain = undefined
            this.wake()
          }
          break
        }
        const woken = this.#woken
        this.#woken = undefined
        if (this.#signals.length > 0) await this.#sendSignals(ctx)
        for (const owner of woken) await this.#sendFacts(ctx, owner)
      }
    } catch (error) {
      this.#app.log.error({ err: error, owner: this.account }, 'push failed')
    } finally {
      this.#running = false
    }
  }

  async #sendSignals(ctx: Ctx): Promise<void> {
    const updates = this.#signals
    this.#signals = NONE
    await this.#send(ctx, [...updates], ctx.now, true)
  }

  async #sendFacts(ctx: Ctx, owner: number): Promise<void> {
    const place = this.#places.get(owner)
    if (!place) return
    let batch: readonly Logged[] | undefined = this.#app.hub.tail(owner, place.pos)
    if (!batch || batch.length > BATCH) {
      batch = await readLog(ctx, owner, place.pos, BATCH)
      await this.#app.store.settled()
      // A row of the session's own may be read before its call has said that it is: then it would be told twice.
      await this.#session.written()
      if (batch.length === BATCH) {
        this.#woken ??= new Set()
        this.#woken.add(owner)
        if (await this.#tooFar(ctx, owner, place)) return
      }
    }
    const last = batch.at(-1)
    if (!last) return
    const due = batch.filter((l) => l.pos > place.pos && !place.own?.delete(l.pos))
    if (place.own?.size === 0) place.own = undefined
    place.pos = Math.max(place.pos, last.pos)
    if (due.length > 0) await this.#render(ctx, due)
  }

  async #tooFar(ctx: Ctx, owner: number, place: Place): Promise<boolean> {
    const state = await boxState(ctx, owner)
    if (state.pos - place.pos <= TOO_FAR) return false
    place.pos = state.pos
    place.own = undefined
    if (owner > 0) this.#push({ _: 'updatesTooLong' })
    else
      await this.#send(
        ctx,
        [{ _: 'updateChannelTooLong', channelId: CHANNEL_BASE - owner, pts: state.pts }],
        state.date,
        true,
      )
    return true
  }

  async #render(ctx: Ctx, facts: Logged[]): Promise<void> {
    const rendered = await renderFacts(ctx, facts)
    const updates = rendered.filter((u) => u !== undefined)
    if (updates.length > 0) await this.#send(ctx, updates, facts.at(-1)!.date, facts[0]!.owner < 0)
  }

  async #send(ctx: Ctx, updates: tl.Update[], date: number, channels: boolean): Promise<void> {
    const single = updates.length === 1 ? shortForm(updates[0]!, this.#session, date) : undefined
    if (single) return this.#push(single)
    const bare: tl.updates = { _: 'updates', updates, users: [], chats: [], date, seq: 0 }
    const full = await this.#complete(ctx, bare, channels)
    for (const user of full.users) if (user._ === 'user' && !user.min) this.#session.know(user.id)
    for (const chat of full.chats) if (chat._ === 'chat') this.#session.know(-chat.id)
    this.#push(full)
  }

  #push(updates: tl.Updates): void {
    const { pipe, auth } = this.#session
    pipe.push((writer) => writeInto(writer, updates, auth.layer || LATEST_LAYER))
  }
}

/** Subscribes a session to its account's box and its channels' from where they stand now. */
export async function subscribe(session: RpcSession, ctx: Ctx, complete: Completer): Promise<void> {
  const owner = ctx.userId
  const pusher = new Pusher(session, ctx.app, owner, complete)
  session.subscriber = pusher
  const opened = pusher.open(() => ctx.run(boxesOf, { user: owner }))
  session.subscribing = opened
  try {
    await opened
  } catch (error) {
    if (session.subscriber === pusher) session.unsubscribe()
    throw error
  } finally {
    if (session.subscribing === opened) session.subscribing = undefined
  }
}

/**
 * The short forms that Telegram uses for plain messages and for single updates, where the session already knows
 * the users concerned. https://core.telegram.org/constructor/updateShortMessage
 */
export function shortForm(update: tl.Update, session: RpcSession, date: number): tl.Updates | undefined {
  if (update._ === 'updateUserStatus' || update._ === 'updateUserTyping') {
    return session.knows(update.userId) ? { _: 'updateShort', update, date } : undefined
  }
  if (update._ !== 'updateNewMessage' || update.message._ !== 'message') return undefined
  const m = update.message
  if (m.media || m.richMessage || m.replyMarkup || m.replyTo || m.fwdFrom || m.viaBotId || m.groupedId || m.reactions)
    return undefined
  if (m.savedPeerId || m.noforwards || m.effect || m.invertMedia || m.fromScheduled || m.editDate) return undefined
  if (m.entities?.some((e) => e._ === 'messageEntityMentionName')) return undefined
  const { pts, ptsCount } = update
  const flags = { out: m.out, mentioned: m.mentioned, mediaUnread: m.mediaUnread, silent: m.silent }
  const body = { id: m.id, message: m.message, pts, ptsCount, date: m.date, entities: m.entities, ...flags }
  if (m.peerId._ === 'peerUser' && m.peerId.userId !== 0) {
    if (!session.knows(m.peerId.userId)) return undefined
    return { _: 'updateShortMessage', userId: m.peerId.userId, ttlPeriod: m.ttlPeriod, ...body }
  }
  if (m.peerId._ === 'peerChat' && m.fromId?._ === 'peerUser') {
    if (!session.knows(m.fromId.userId) || !session.knows(-m.peerId.chatId)) return undefined
    const { chatId } = m.peerId
    return { _: 'updateShortChatMessage', fromId: m.fromId.userId, chatId, ttlPeriod: m.ttlPeriod, ...body }
  }
  return undefined
}
