// Whose requests begin when, and whose answers leave when: those of sessions that ask little before those of sessions
// that use much.
import type { Session } from './session.ts'

/** Time of this thread that a session may use before it counts as greedy, ms, and the share of time that it is forgiven. */
const BURST_MS = 20
const SHARE = 0.05
/** While nobody else asks anything, greedy sessions are served for so long in a turn of the event loop, ms. */
const SLICE_MS = 1
/**
 * While others always have something under way, one greedy session has this part of the time that they have; several
 * have so many times that.
 */
const OTHERS = 8
/**
 * While others ask now and then, greedy sessions rest for so many times what they were served for: a core that is never
 * idle is given to what else the process has to run, such as the thread that waits for the disk, only at a slice's end.
 */
const REST = 1
/** What has been under way for longer, ms, waits for something that is no work of this thread. */
const UNDER_WAY_MS = 25

/**
 * Requests begin when they come, so many of a session in a turn of the event loop; the others wait for the next turns.
 *
 * Sessions that have used much of this thread's time wait in queues of their own. They are served in turns of the event
 * loop in which nobody else had anything done, and while nobody else has a request under way: where a commit waits for
 * the disk, somebody waits for the commit. In such a turn one request begins, or what one of them is sent is written and
 * encrypted: that is what others that come meanwhile wait for, and once. Greedy sessions take turns by single requests.
 */
export class Turns {
  readonly #perTurn: number
  readonly #flush: (session: Session) => void
  #turn = 1
  #waiting = new Set<Session>()
  /** Greedy sessions that have requests waiting, and those that have something to be sent. */
  readonly #greedy = new Set<Session>()
  readonly #unsent = new Set<Session>()
  /** The others that have requests under way, and since when; the newest last. */
  readonly #active = new Map<Session, number>()
  #armed = false
  #timer: NodeJS.Timeout | undefined
  // Whether others had something done in this turn, and whether they asked anything lately.
  #others = false
  #asked = false
  #lively = false
  // When greedy sessions began to be served in this turn, when they are served whatever others do, and not before when.
  #sliceAt = 0
  #due = 0
  #rested = 0
  // Whose time runs, and since when.
  #running: Session | undefined
  #since = 0

  /** @param flush sends what a session has to be sent */
  constructor(perTurn: number, flush: (session: Session) => void) {
    this.#perTurn = perTurn
    this.#flush = flush
  }

  /** Time has passed, some 250 ms: sessions may begin anew. */
  tick(): void {
    this.#turn++
    this.#lively = this.#asked
    this.#asked = false
  }

  /** Whether a request of the session may begin as it comes, or in its turn. `now` may be some time ago, ms. */
  admits(session: Session, now: number): boolean {
    if (session.turn !== this.#turn) {
      session.turn = this.#turn
      session.begun = 0
    }
    const perTurn = this.#perTurn
    // Fewer while many wait; others have theirs in between.
    return (
      session.begun < (session.waiting.length > perTurn ? Math.max(1, perTurn >> 3) : perTurn) && !greedy(session, now)
    )
  }

  /** The session asks something. `now` as above. */
  asks(session: Session, now: number): void {
    if (greedy(session, now)) return
    this.#others = true
    this.#asked = true
  }

  /** The session has something to be sent. Gives whether that is done in its turn, or else has to be done now. */
  sends(session: Session, now: number): boolean {
    if (!greedy(session, now)) {
      this.#others = true
      return false
    }
    this.#unsent.add(session)
    this.#greedyWaits()
    return true
  }

  /** The session has requests that wait and may run. `now` as above. */
  wait(session: Session, now: number): void {
    if (this.#greedy.has(session)) return
    if (greedy(session, now)) {
      this.#waiting.delete(session)
      this.#greedy.add(session)
      this.#greedyWaits()
    } else {
      this.#waiting.add(session)
      this.#arm()
    }
  }

  leave(session: Session): void {
    this.#waiting.delete(session)
    this.#greedy.delete(session)
    this.#unsent.delete(session)
    this.#active.delete(session)
  }

  /** A request begins: what is done till nothing of it is left but waiting is its session's time. */
  began(session: Session, now: number): void {
    session.begun++
    if (this.#running === undefined) {
      this.#running = session
      this.#since = performance.now()
      afterMicrotasks(this.#ended)
    }
    this.#active.delete(session)
    if (!greedy(session, now)) this.#active.set(session, this.#since)
  }

  /** A request was answered, and the answer is queued. */
  answered(session: Session): void {
    if (session.inFlight > 0 || !this.#active.delete(session) || this.#active.size > 0) return
    if (this.#timer !== undefined) this.#arm()
  }

  /** What waits to be sent leaves now. */
  flushAll(): void {
    for (const session of this.#unsent) this.#flush(session)
    this.#unsent.clear()
  }

  readonly #ended = (): void => {
    this.charge(this.#running!, this.#since, performance.now())
    this.#running = undefined
  }

  /** Time of this thread was spent on a session. */
  charge(session: Session, since: number, now: number): void {
    // Whole numbers take no memory of their own.
    session.spent = Math.round((owed(session, now) + now - since) * 1000)
    session.spentAt = Math.round(now)
  }

  #arm(): void {
    if (this.#armed) return
    this.#armed = true
    setImmediate(this.#next)
  }

  #greedyWaits(): void {
    if (this.#timer === undefined) this.#arm()
  }

  readonly #next = (): void => {
    this.#armed = false
    this.#turn++
    const waiting = this.#waiting
    if (waiting.size > 0) {
      this.#waiting = new Set()
      for (const session of waiting) session.pump()
    }
    if (this.#idle) return
    const others = this.#others || waiting.size > 0
    this.#others = false
    const now = performance.now()
    if (now < this.#rested) {
      this.#timer ??= setTimeout(this.#late, this.#rested - now)
      return
    }
    if (now < this.#due) {
      if (this.#othersWait(now)) {
        this.#timer ??= setTimeout(this.#late, Math.min(this.#due - now, UNDER_WAY_MS))
        return
      }
      if (others) {
        this.#arm()
        return
      }
    }
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#sliceAt = now
    this.#serve()
  }

  readonly #late = (): void => {
    this.#timer = undefined
    this.#arm()
  }

  get #idle(): boolean {
    return this.#greedy.size + this.#unsent.size === 0
  }

  #othersWait(now: number): boolean {
    for (const [session, since] of this.#active) {
      if (now - since < UNDER_WAY_MS) return true
      this.#active.delete(session)
    }
    return false
  }

  // One request, or what one session is sent; and more when that was soon done and nobody else asks anything.
  readonly #serve = (): void => {
    if (!this.#sendNext()) this.#beginNext()
    afterMicrotasks(this.#again)
  }

  #sendNext(): boolean {
    for (const session of this.#unsent) {
      this.#unsent.delete(session)
      this.#flush(session)
      return true
    }
    return false
  }

  #beginNext(): void {
    for (const session of this.#greedy) {
      this.#greedy.delete(session)
      if (!session.runNext()) continue
      if (session.mayRunNext()) this.wait(session, this.#since)
      return
    }
  }

  readonly #again = (): void => {
    const now = performance.now()
    const used = now - this.#sliceAt
    this.#due = now + (used * OTHERS) / Math.max(1, this.#greedy.size)
    if (this.#idle) return
    const alone = !this.#lively && !this.#asked
    if (!alone) this.#rested = now + used * REST
    if (used < SLICE_MS && alone) this.#serve()
    else this.#arm()
  }
}

// What is not forgiven yet of the time that a session has used, ms.
function owed({ spent, spentAt }: Session, now: number): number {
  return Math.max(0, spent / 1000 - Math.max(0, now - spentAt) * SHARE)
}

function greedy(session: Session, now: number): boolean {
  return session.spent > BURST_MS * 1000 && owed(session, now) > BURST_MS
}

// Ticks come after all microtasks, those included that microtasks have queued.
function afterMicrotasks(then: () => void): void {
  queueMicrotask(() => process.nextTick(then))
}
