// What the main thread and the front threads tell each other now and then. What they say all the time is packed
// (front-batch.ts) and arrives as an ArrayBuffer, in order with these.
import type { Handover } from './handover.ts'
import type { AuthKey, MtprotoOptions, Remote, SessionEvent } from './host.ts'
import type { RsaKey } from './rsa.ts'

/** What a front thread starts with. */
export interface FrontData {
  index: number
  options: MtprotoOptions
  rsa: RsaKey[]
  dc: number
  saltSecret: Uint8Array
  /** Levels of the log that are wanted. */
  levels: string[]
  /** Float64: the server's clock minus the system's, ms. */
  offset: SharedArrayBuffer
}

export type Question =
  | { ask: 'loadKey' | 'deleteKey'; key: bigint }
  | { ask: 'saveKey'; auth: AuthKey }
  | { ask: 'claim'; auth: AuthKey; session: bigint }

export type FromFront =
  | { t: 'ask'; id: number; question: Question }
  | { t: 'event'; seat: number; event: SessionEvent; remote: Remote; connected: boolean }
  | { t: 'released'; seat: number }
  | { t: 'queued'; seat: number; bytes: number }
  | { t: 'taken'; bytes: number }
  | { t: 'handedOver'; seat: number; handover?: Handover }
  | { t: 'listening'; address?: { host: string; port: number }; error?: Error }
  | { t: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; facts: object; text: string }
  | { t: 'figures'; counts: [kind: string, name: string, by: number][]; connections: number }
  | { t: 'closed' }

export type ToFront =
  | { t: 'reply'; id: number; value?: unknown; error?: Error }
  | { t: 'listen'; host: string; port: number }
  | { t: 'handOver'; seat: number }
  | { t: 'end'; seat: number; reason: string }
  | { t: 'bind'; key: bigint; permId: bigint }
  | { t: 'dropKey'; key: bigint }
  | { t: 'close'; graceMs: number }
