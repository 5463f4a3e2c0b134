import type { FloodClass } from '../limits.ts'

/** The next one waits at most so long for one whose turn has come, ms: one that hangs does not hold up a chat. */
const PATIENCE = 5000

/** What changes something, in the order in which the client sent it. Parts of files and codes have no order. */
const ORDERED = new Set<FloodClass | undefined>(['send', 'write', 'create'])

/** Whether calls of a class take turns. */
export const takesTurns = (flood: FloodClass | undefined): boolean => ORDERED.has(flood)

/**
 * A call's place among those that change something in the same chat, of one session. It is taken when the call arrives;
 * its transaction begins when those of the calls before it have (SQLite, which runs them in the order in which they are
 * asked for) or are over (PostgreSQL, where they would run side by side). What a call reads and checks before goes on
 * meanwhile.
 */
export class Turn {
  #before: Turn | undefined
  /** This call needs its place no more. */
  #ended = false
  /** Neither does any before it. */
  #over = false
  #next: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined
  readonly #gone: () => void

  constructor(before: Turn | undefined, gone: () => void) {
    this.#before = before
    this.#gone = gone
    if (before === undefined) return
    before.#then(() => {
      this.#before = undefined // so that they make no chain
      if (this.#next) this.#watch()
    })
  }

  /** Whether calls before it are not over yet. */
  get waits(): boolean {
    return this.#before !== undefined
  }

  /** Resolves when all before it are over; undefined when they are. */
  comes(): Promise<void> | undefined {
    const before = this.#before
    return before && new Promise<void>((resolve) => before.#then(resolve))
  }

  /** The transaction is done, or there will be none. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#before === undefined) this.#finish()
    else this.#before.#then(() => this.#finish())
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#timer)
    this.#gone()
    this.#next?.()
  }

  /** Only the turn after it asks. */
  #then(done: () => void): void {
    const before = this.#next
    this.#next = () => {
      before?.()
      done()
    }
    if (this.#before === undefined) this.#watch()
  }

  #watch(): void {
    this.#timer ??= setTimeout(() => this.#finish(), PATIENCE)
  }
}

/** The newest turn of each chat of a session. */
export class Turns {
  #last: Map<string, Turn> | undefined

  take(chat: string): Turn {
    const gone = () => {
      const last = this.#last
      if (last?.get(chat) !== turn) return
      if (last.size > 1) last.delete(chat)
      else this.#last = undefined
    }
    this.#last ??= new Map()
    const turn: Turn = new Turn(this.#last.get(chat), gone)
    this.#last.set(chat, turn)
    return turn
  }
}

/** Which chat a call is about, by what it names; '' for what is about the account. */
export function chatNamed(params: any, account: number): string {
  const { chatId } = params
  const at = params.peer ?? params.toPeer ?? params.channel ?? params.userId ?? params.id
  if (typeof chatId === 'number') return `chat${chatId}`
  if (typeof at !== 'object' || at === null) return ''
  if (typeof at.channelId === 'number') return `channel${at.channelId}`
  if (typeof at.chatId === 'number') return `chat${at.chatId}`
  if (typeof at.userId === 'number') return `user${at.userId}`
  return typeof at._ === 'string' && at._.endsWith('Self') ? `user${account}` : ''
}
