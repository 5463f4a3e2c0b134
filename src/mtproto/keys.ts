// An authorization key in use: its parts for both directions, its salts and its sessions.
import { createHmac } from 'node:crypto'
import { type Direction, direction } from './crypto.ts'
import type { AuthKey } from './host.ts'
import type { Session } from './session.ts'

/** Seconds a salt is the current one; it is taken for as long before and after. */
const PERIOD = 1800

export interface FutureSalt {
  since: number
  until: number
  salt: bigint
}

export class KeyEntry {
  readonly auth: AuthKey
  /** The id as it stands in frames. */
  readonly idBytes: Buffer
  readonly incoming: Direction
  readonly outgoing: Direction
  readonly sessions = new Map<bigint, Session>()
  /** When it was used last, by the server's real time in ms. */
  usedAt = 0
  /** It is not valid any more. */
  dropped = false
  private readonly secret: Buffer
  private period = -1
  private salts: [bigint, bigint, bigint] = [0n, 0n, 0n]
  private first = 0n
  private firstUntil = 0

  constructor(auth: AuthKey, secret: Buffer) {
    this.auth = auth
    this.secret = secret
    this.idBytes = Buffer.alloc(8)
    this.idBytes.writeBigUInt64LE(auth.id)
    this.incoming = direction(auth.key, 0)
    this.outgoing = direction(auth.key, 8)
  }

  /** The salt both sides compute at the end of the key exchange; taken like the first period's. */
  useFirstSalt(salt: bigint, seconds: number): void {
    this.first = salt
    this.firstUntil = seconds + PERIOD
  }

  private turn(seconds: number): void {
    const period = Math.floor(seconds / PERIOD)
    if (period === this.period) return
    this.period = period
    this.salts = [this.saltOf(period), this.saltOf(period - 1), this.saltOf(period + 1)]
  }

  private saltOf(period: number): bigint {
    const input = Buffer.alloc(12)
    this.idBytes.copy(input)
    input.writeInt32LE(period, 8)
    return createHmac('sha256', this.secret).update(input).digest().readBigInt64LE(0)
  }

  salt(seconds: number): bigint {
    this.turn(seconds)
    return this.salts[0]
  }

  takesSalt(salt: bigint, seconds: number): boolean {
    this.turn(seconds)
    const { salts } = this
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
