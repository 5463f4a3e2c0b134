// An authorization key in use: its parts for both directions, its salts and its sessions.
import { createHmac } from 'node:crypto'
import { type Direction, directionAt } from './crypto.ts'
import type { AuthKey } from './host.ts'
import { NONE } from './lists.ts'
import type { Session } from './session.ts'

/** Seconds a salt is the current one; it is taken for as long before and after. */
const PERIOD = 1800

export interface FutureSalt {
  since: number
  until: number
  salt: bigint
}

/** Keys that lie in one piece of memory: each by itself would take as much again for what V8 keeps of such a piece. */
const TOGETHER = 16
const WORDS = 64

let words = new Int32Array(0)
let used = 0

// Where a key's words lie from here on. Nothing is written there again, whatever becomes of the key.
function place(key: Buffer): number {
  if (used === words.length) {
    words = new Int32Array(TOGETHER * WORDS)
    used = 0
  }
  for (let i = 0; i < WORDS; i++) words[used + i] = key.readInt32LE(i * 4)
  used += WORDS
  return used - WORDS
}

export class KeyEntry implements AuthKey {
  readonly id: bigint
  readonly expiresAt: number
  permId: bigint
  /** The id as two words, the way it stands in frames. */
  readonly low: number
  readonly high: number
  readonly incoming: Direction
  readonly outgoing: Direction
  /** The sessions that it has. */
  sessions: readonly Session[] = NONE
  /** When it was used last, by the server's real time in ms. */
  usedAt = 0
  /** It is not valid any more. */
  dropped = false
  private readonly secret: Buffer
  private period = -1
  private salts: readonly [bigint, bigint, bigint] | undefined
  private first = 0n
  private firstUntil = 0

  constructor(auth: AuthKey, secret: Buffer) {
    this.id = auth.id
    this.expiresAt = auth.expiresAt
    this.permId = auth.permId
    this.secret = secret
    this.low = Number(BigInt.asIntN(32, auth.id))
    this.high = Number(BigInt.asIntN(32, auth.id >> 32n))
    const at = place(auth.key)
    this.incoming = directionAt(words, at, 0)
    this.outgoing = directionAt(words, at, 8)
  }

  /** A copy of its 256 bytes. */
  get key(): Buffer {
    const { words, from } = this.incoming
    return Buffer.from(words.slice(from, from + WORDS).buffer)
  }

  session(id: bigint): Session | undefined {
    for (const session of this.sessions) if (session.id === id) return session
    return undefined
  }

  addSession(session: Session): void {
    this.sessions = this.sessions.length === 0 ? [session] : [...this.sessions, session]
  }

  dropSession(session: Session): void {
    this.sessions = this.sessions.filter((other) => other !== session)
  }

  /** The salt both sides compute at the end of the key exchange; taken like the first period's. */
  useFirstSalt(salt: bigint, seconds: number): void {
    this.first = salt
    this.firstUntil = seconds + PERIOD
  }

  /** It is not used at present: what is computed anew when it is again goes. */
  letGo(): void {
    this.salts = undefined
  }

  // The salts of this period, of the one before and of the one after.
  private saltsAt(seconds: number): readonly [bigint, bigint, bigint] {
    const period = Math.floor(seconds / PERIOD)
    if (this.salts !== undefined && period === this.period) return this.salts
    this.period = period
    this.salts = [this.saltOf(period), this.saltOf(period - 1), this.saltOf(period + 1)]
    return this.salts
  }

  private saltOf(period: number): bigint {
    const input = Buffer.alloc(12)
    input.writeInt32LE(this.low, 0)
    input.writeInt32LE(this.high, 4)
    input.writeInt32LE(period, 8)
    return createHmac('sha256', this.secret).update(input).digest().readBigInt64LE(0)
  }

  salt(seconds: number): bigint {
    return this.saltsAt(seconds)[0]
  }

  takesSalt(salt: bigint, seconds: number): boolean {
    const salts = this.saltsAt(seconds)
    if (salt === salts[0] || salt === salts[1] || salt === salts[2]) return true
    return salt === this.first && seconds < this.firstUntil && this.firstUntil !== 0
  }

  futureSalts(count: number, seconds: number): FutureSalt[] {
    const period = Math.floor(seconds / PERIOD)
    return Array.from({ length: count }, (_, i) => ({
      since: (period + i) * PERIOD,
      until: (period + i + 2) * PERIOD,
      salt: this.saltOf(period + i),
    }))
  }
}
