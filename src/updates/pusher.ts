import type * as tl from '../tl/gen/types.ts'
import { LATEST_LAYER, writeInto } from '../tl/index.ts'
import { Context, type Ctx } from '../rpc/context.ts'
import type { RpcSession } from '../rpc/session.ts'
import type { Subscriber } from './hub.ts'
import { renderFacts, type Logged } from './facts.ts'
import { boxState, readLog } from './log.ts'

/** Facts read and rendered at a time. */
const BATCH = 100
/** A session that stands so many facts behind is told to fetch the difference itself. */
const TOO_FAR = 2000
/** Bytes waiting for a slow socket above which its session reads its log later. */
const QUEUE_BOUND = 256 * 1024

/** Fills `users` and `chats` of an answer for its viewer; given by domain/, which ranks above. */
export type Completer = (ctx: Ctx, updates: tl.updates) => Promise<tl.updates>

/**
 * Pushes the log of one account's box to one session: wake, then read. The same reading and rendering serve
 * updates.getDifference, so the two cannot disagree.
 * https://core.telegram.org/api/updates
 */
export class Pusher implements Subscriber {
  readonly #session: RpcSession
  readonly #ctx: Ctx
  readonly #owner: number
  readonly #complete: Completer
  #pos: number
  /** Positions the session's own calls wrote: they count as sent. */
  readonly #own = new Set<number>()
  #signals: tl.Update[] = []
  #running = false
  #dirty = false
  #closed = false

  constructor(session: RpcSession, ctx: Ctx, owner: number, pos: number, complete: Completer) {
    this.#session = session
    this.#ctx = ctx
    this.#owner = owner
    this.#pos = pos
    this.#complete = complete
  }

  wake(): void {
    this.#dirty = true
    if (this.#running || this.#closed) return
    this.#running = true
    setImmediate(() => void this.#run())
  }

  own(owner: number, pos: number): void {
    if (owner !== this.#owner || pos <= this.#pos) return
    if (pos === this.#pos + 1) this.#pos = pos
    else this.#own.add(pos)
  }

  signal(update: tl.Update): void {
    // Signals are worth nothing when they are late: a slow session goes without.
    if (this.#signals.length >= BATCH || !this.#session.pipe.connected) return
    this.#signals.push(update)
    this.wake()
  }

  close(): void {
    this.#closed = true
  }

  /** True when everything appended so far has been pushed. */
  get idle(): boolean {
    return !this.#running && !this.#dirty
  }

  async #run(): Promise<void> {
    try {
      while (this.#dirty && !this.#closed) {
        const pipe = this.#session.pipe
        if (!pipe.connected) break
        if (pipe.queued > QUEUE_BOUND) {
          pipe.onDrain = () => {
            pipe.onDrain = undefined
            this.wake()
          }
          break
        }
        this.#dirty = false
        if (this.#signals.length > 0) await this.#sendSignals()
        await this.#sendFacts()
      }
    } catch (error) {
      this.#ctx.app.log.error({ err: error, owner: this.#owner }, 'push failed')
    } finally {
      this.#running = false
    }
  }

  async #sendSignals(): Promise<void> {
    const updates = this.#signals
    this.#signals = []
    await this.#send(updates, this.#ctx.now)
  }

  async #sendFacts(): Promise<void> {
    let batch = this.#ctx.app.hub.tail(this.#owner, this.#pos)
    if (!batch || batch.length > BATCH) {
      batch = await readLog(this.#ctx, this.#owner, this.#pos, BATCH)
      await this.#ctx.app.store.settled()
      if (batch.length === BATCH) {
        this.#dirty = true
        if (await this.#tooFar()) return
      }
    }
    const last = batch.at(-1)
    if (!last) return
    const due = batch.filter((l) => l.pos > this.#pos && !this.#own.delete(l.pos))
    this.#pos = Math.max(this.#pos, last.pos)
    if (due.length > 0) await this.#render(due)
  }

  async #tooFar(): Promise<boolean> {
    const state = await boxState(this.#ctx, this.#owner)
    if (state.pos - this.#pos <= TOO_FAR) return false
    this.#pos = state.pos
    this.#own.clear()
    this.#push({ _: 'updatesTooLong' })
    return true
  }

  async #render(facts: Logged[]): Promise<void> {
    const rendered = await renderFacts(this.#ctx, facts)
    const updates = rendered.filter((u) => u !== undefined)
    if (updates.length > 0) await this.#send(updates, facts.at(-1)!.date)
  }

  async #send(updates: tl.Update[], date: number): Promise<void> {
    const single = updates.length === 1 ? shortForm(updates[0]!, this.#session, date) : undefined
    if (single) return this.#push(single)
    const full = await this.#complete(this.#ctx, { _: 'updates', updates, users: [], chats: [], date, seq: 0 })
    for (const user of full.users) if (user._ === 'user' && !user.min) this.#session.know(user.id)
    for (const chat of full.chats) if (chat._ === 'chat') this.#session.know(-chat.id)
    this.#push(full)
  }

  #push(updates: tl.Updates): void {
    const { pipe, auth } = this.#session
    pipe.push((writer) => writeInto(writer, updates, auth.layer || LATEST_LAYER))
  }
}

/** Subscribes a session to its account's box from where the box stands now. */
export async function subscribe(session: RpcSession, ctx: Ctx, complete: Completer): Promise<void> {
  const owner = ctx.userId
  const { pos } = await boxState(ctx, owner)
  const pusher = new Pusher(session, new Context(ctx.app, owner, session), owner, pos, complete)
  const cancel = ctx.app.hub.subscribe(owner, pusher)
  session.subscriber = pusher
  session.unsubscribe = () => {
    pusher.close()
    cancel()
    session.subscriber = undefined
    session.unsubscribe = undefined
  }
  // Something may have been appended between reading the position and subscribing.
  pusher.wake()
}

/**
 * The short forms that Telegram uses for plain messages and for single updates, where the session already knows
 * the users concerned. https://core.telegram.org/constructor/updateShortMessage
 */
export function shortForm(update: tl.Update, session: RpcSession, date: number): tl.Updates | undefined {
  if (update._ === 'updateUserStatus' || update._ === 'updateUserTyping') {
    return session.known.has(update.userId) ? { _: 'updateShort', update, date } : undefined
  }
  if (update._ !== 'updateNewMessage' || update.message._ !== 'message') return undefined
  const m = update.message
  if (m.media || m.replyMarkup || m.replyTo || m.fwdFrom || m.viaBotId || m.groupedId || m.reactions) return undefined
  if (m.savedPeerId || m.noforwards || m.effect || m.invertMedia || m.fromScheduled || m.editDate) return undefined
  if (m.entities?.some((e) => e._ === 'messageEntityMentionName')) return undefined
  const { pts, ptsCount } = update
  const flags = { out: m.out, mentioned: m.mentioned, mediaUnread: m.mediaUnread, silent: m.silent }
  const body = { ...flags, id: m.id, message: m.message, pts, ptsCount, date: m.date, entities: m.entities }
  if (m.peerId._ === 'peerUser' && m.peerId.userId !== 0) {
    if (!session.known.has(m.peerId.userId)) return undefined
    return { _: 'updateShortMessage', ...body, userId: m.peerId.userId, ttlPeriod: m.ttlPeriod }
  }
  if (m.peerId._ === 'peerChat' && m.fromId?._ === 'peerUser') {
    if (!session.known.has(m.fromId.userId) || !session.known.has(-m.peerId.chatId)) return undefined
    const { chatId } = m.peerId
    return { _: 'updateShortChatMessage', ...body, fromId: m.fromId.userId, chatId, ttlPeriod: m.ttlPeriod }
  }
  return undefined
}
