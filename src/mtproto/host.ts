// What the layers above give to MTProto, and what they get from it.

import type { Writer } from '../tl/writer.ts'
import type { RsaKey } from './rsa.ts'

/** An authorization key as it is stored. */
export interface AuthKey {
  /** Lower 64 bits of the key's SHA1, unsigned. */
  id: bigint
  /** 256 bytes. */
  key: Buffer
  /** Unix seconds when a temporary key ends; 0 for a permanent key. */
  expiresAt: number
  /** The permanent key a temporary one is bound to; 0n while it is bound to none, and for permanent keys. */
  permId: bigint
}

/**
 * Writes one boxed object (for an answer: the result, `rpc_error` included) into the buffer that is encrypted.
 * It may be called again when the message has to be sent again, so it must write the same bytes each time.
 */
export interface Outgoing {
  (w: Writer): void
  /** Called when it will not be called any more, if that is known: what it writes from may be used again. */
  free?(): void
  /** The piece of a file that it ends with, if it is not to be copied. */
  piece?: FilePiece
}

/** A long piece of a file in an answer: read into the place from which it is sent, and encrypted there. */
export interface FilePiece {
  /** Where any thread finds it; undefined where that is not a file of this machine. */
  readonly file: FileRange | undefined
  readonly length: number
  /** What `takePiece` gave; undefined till it is read, and once it was sent. */
  bytes: Buffer | undefined
  /** Reads it (again), into memory that `takePiece` gives. Rejects when it is not there any more. */
  load(): Promise<Buffer>
  /** Writes what stands before it: all of the answer but the bytes, with their length. */
  head: (w: Writer) => void
}

export interface FileRange {
  path: string
  offset: number
}

/** One request of a client: `body` is the TL of the method with its wrappers. It may be kept: it is not written again. */
export interface Request {
  msgId: bigint
  body: Buffer
  /**
   * Of a large request: gives its memory back, to be written over. To be called once nothing looks at `body` nor at a
   * view of it; who never calls it leaves it to the collector.
   */
  free?: (() => void) | undefined
}

export type SessionEvent = 'open' | 'connected' | 'disconnected' | 'closed'

export interface Remote {
  ip: string
  /** `abridged`, `intermediate`, `padded`, `full`, each also `+obfuscated` or `+tls`, `websocket`, `http`. */
  transport: string
}

/** One MTProto session (authorization key and session id). It outlives its connections for a bounded time. */
export interface MtSession {
  readonly id: bigint
  readonly authKey: AuthKey
  /** The permanent key of this session, 0n when its key is a temporary one that is not bound yet. */
  readonly permKeyId: bigint
  /** For the layer above: its own object about this session. */
  state: unknown
  readonly connected: boolean
  /** The newest connection, or the last there was. */
  readonly remote: Remote
  /** Bytes of pushes that wait for the socket or for acknowledgement. A pusher stops above a bound of its own. */
  readonly queued: number
  /** Set by a pusher that stopped: called once, and cleared, when `queued` is below `options.drainBelow`. */
  onDrain?: (() => void) | undefined
  /** Whether it reads pieces of files itself: an answer then need only say where they are. */
  reads(file: FileRange | undefined): boolean
  /** Queues a content-related server message; it is sent again on new connections till it is acknowledged. */
  push(out: Outgoing): void
  /** Resolves when the request with this message id is answered; undefined when there is nothing to wait for. */
  result(msgId: bigint): Promise<void> | undefined
  /** Ends the session: it is forgotten, and its connections close. */
  close(reason: string): void
}

export interface MtprotoLog {
  debug(facts: object, text: string): void
  info(facts: object, text: string): void
  warn(facts: object, text: string): void
  error(facts: object, text: string): void
}

export interface MtprotoMetrics {
  connection(transport: string, by: 1 | -1): void
  bytes(direction: 'in' | 'out', transport: string, count: number): void
  handshake(outcome: 'begun' | 'done' | 'failed'): void
  /** A connection has ended; the reason is one of few. */
  closed(reason: string): void
}

export interface MtprotoHost {
  /** Milliseconds since 1970 by the server's (movable) clock. */
  now(): number
  random(bytes: number): Buffer
  rsa: RsaKey[]
  /** The data centre's number, for the log only: any number is accepted in the key exchange. */
  dc: number
  loadKey(id: bigint): Promise<AuthKey | undefined>
  /** Resolves when the key is durable: dh_gen_ok leaves after it. */
  saveKey(key: AuthKey): Promise<void>
  deleteKey(id: bigint): Promise<void>
  /** Server salts are HMAC(saltSecret, key id, half hour), so that nodes agree without storing them. */
  saltSecret: Buffer
  /** Answers a request. Never rejects: errors are an Outgoing that writes rpc_error. */
  onRequest(session: MtSession, request: Request): Promise<Outgoing>
  onSession(session: MtSession, event: SessionEvent): void
  /**
   * Where sessions may live in several threads: asked before a session that is new here is made. What it resolves with
   * is called with the session once it is made, before anything is done with it.
   */
  claim?(auth: AuthKey, sessionId: bigint): Promise<((session: MtSession) => void) | undefined>
  /** A session is forgotten here, whether it was ever opened or not. */
  released?(session: MtSession): void
  log: MtprotoLog
  metrics: MtprotoMetrics
}

/** Bounds, all of them on what comes from outside. Times are real time, whatever the host's clock says. */
export interface MtprotoOptions {
  /** Largest frame taken, bytes. */
  maxFrame: number
  /** Unfinished frames of all connections together, bytes; the connection that goes beyond is closed. */
  maxPartial: number
  /** Largest message after unpacking gzip, bytes. */
  maxUnpacked: number
  /** Answers above this are sent gzip_packed, bytes; files never are. */
  compressAbove: number
  /** Messages in one container of a client. */
  maxContainer: number
  /** From the connection to its first whole frame, ms. */
  firstFrameMs: number
  /** From one frame to the next when the client asked for nothing else by ping_delay_disconnect, ms. */
  idleMs: number
  /** Connections open at once, in all and from one address. */
  maxConnections: number
  maxConnectionsPerIp: number
  /** Key exchanges under way, in all and from one address, and how long one may take, ms. */
  maxHandshakes: number
  maxHandshakesPerIp: number
  handshakeMs: number
  /** Key exchanges of one address that fail in a minute, after which it can begin none for a while. */
  maxFailedHandshakes: number
  /** Requests of one session that wait for their answers; above it nothing more is read from its connections. */
  maxInFlight: number
  /** Requests that one session begins in a turn of the event loop: one that asks a lot does not keep the others waiting. */
  perTurn: number
  /** Bytes waiting for one socket above which nothing more is read from it or written to it. */
  writeHigh: number
  /** How long a socket may stand above `writeHigh` without taking anything before it is closed, ms. */
  stalledMs: number
  /** `queued` of a session below which `onDrain` is called. */
  drainBelow: number
  /** Pushes a session without connection keeps before it is closed (the client then asks for the difference). */
  maxOutbox: number
  /** Answers that are kept after their acknowledgement, bytes of one session, for requests that are repeated. */
  keptAnswers: number
  /** How long a session without connection is kept, ms. */
  sessionMs: number
  /** Sessions of one authorization key. */
  maxSessionsPerKey: number
  /** When a request that is not answered yet is acknowledged, ms. */
  ackMs: number
  /** How often times are checked, ms. */
  sweepMs: number
  /** MTProxy secrets: 16 bytes, or 17 beginning with 0xdd, or 0xee followed by 16 bytes and a domain. */
  secrets: Buffer[]
  /** Whether clients may connect without a secret when there are secrets. */
  allowBare: boolean
}

export const DEFAULTS: MtprotoOptions = {
  maxFrame: 1024 * 1024 + 64 * 1024,
  maxPartial: 256 * 1024 * 1024,
  maxUnpacked: 10 * 1024 * 1024,
  compressAbove: 16 * 1024,
  maxContainer: 1020,
  firstFrameMs: 30_000,
  idleMs: 600_000,
  maxConnections: 100_000,
  maxConnectionsPerIp: 10_000,
  maxHandshakes: 4096,
  maxHandshakesPerIp: 256,
  handshakeMs: 60_000,
  maxFailedHandshakes: 120,
  maxInFlight: 256,
  perTurn: 16,
  writeHigh: 1024 * 1024,
  stalledMs: 60_000,
  drainBelow: 128 * 1024,
  maxOutbox: 2048,
  keptAnswers: 4096,
  sessionMs: 300_000,
  maxSessionsPerKey: 100,
  ackMs: 250,
  sweepMs: 1000,
  secrets: [],
  allowBare: true,
}
