// Whose requests begin when: those of sessions that ask little before those of sessions that use much.
import type { Session } from './session.ts'

/** Time of this thread that a session may use before it counts as greedy, ms, and the share of time that it is forgiven. */
const BURST_MS = 20
const SHARE = 0.05
/** Requests of greedy sessions are begun for so long in a turn of the event loop, ms; one of them at least. */
const SLICE_MS = 1
/** Turns in which somebody else had something done before a slice comes nonetheless. */
const PATIENCE = 4

/**
 * Requests begin when they come, so many of a session in a turn of the event loop; the others wait for the next turns.
 * Those of sessions that have used much of this thread's time wait in a queue of their own, which is served in turns
 * in which nobody else had anything done, and in every fourth at least; its sessions take turns by single requests.
 */
export class Turns {
  readonly #perTurn: number
  #turn = 1
  #waiting = new Set<Session>()
  readonly #greedy = new Set<Session>()
  #armed = false
  #others = false
  #patience = PATIENCE
  #until = 0
  // Whose time runs, and since when.
  #running: Session | undefined
  #since = 0

  constructor(perTurn: number) {
    this.#perTurn = perTurn
  }

  /** Time has passed: sessions may begin anew. */
  tick(): void {
    this.#turn++
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

  /** The session asks something, or has something to be sent. */
  note(session: Session): void {
    if (this.#armed && !this.#greedy.has(session)) this.#others = true
  }

  /** The session has requests that wait and may run. `now` as above. */
  wait(session: Session, now: number): void {
    if (this.#greedy.has(session)) return
    if (greedy(session, now)) {
      this.#waiting.delete(session)
      this.#greedy.add(session)
    } else this.#waiting.add(session)
    this.#arm()
  }

  leave(session: Session): void {
    this.#waiting.delete(session)
    this.#greedy.delete(session)
  }

  /** A request begins: what is done till nothing of it is left but waiting is its session's time. */
  began(session: Session): void {
    session.begun++
    if (this.#running !== undefined) return
    this.#running = session
    this.#since = performance.now()
    afterMicrotasks(this.#ended)
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

  readonly #next = (): void => {
    this.#armed = false
    this.#turn++
    const waiting = this.#waiting
    if (waiting.size > 0) {
      this.#waiting = new Set()
      for (const session of waiting) session.pump()
    }
    if (this.#greedy.size === 0) return
    const others = this.#others || waiting.size > 0
    this.#others = false
    if (others && --this.#patience > 0) {
      this.#arm()
      return
    }
    this.#patience = PATIENCE
    this.#until = performance.now() + SLICE_MS
    this.#serve()
  }

  // One request, and more when it has done what it can do at once.
  readonly #serve = (): void => {
    for (const session of this.#greedy) {
      this.#greedy.delete(session)
      if (!session.runNext()) continue
      if (session.mayRunNext()) this.wait(session, this.#since)
      break
    }
    if (this.#greedy.size > 0) afterMicrotasks(this.#again)
  }

  readonly #again = (): void => {
    if (performance.now() < this.#until) this.#serve()
    else if (this.#greedy.size > 0) this.#arm()
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
