import type { MtprotoHost } from './host.ts'

/** What ends without anybody's fault. */
const PLAIN = new Set([
  'closed by the client',
  'socket error',
  'answered',
  'aborted',
  'waited',
  'shutting down',
  'nothing came in time',
])
/** Lines a sweep (a second): whoever attacks fills counters, and not the disk. */
const LINES = 20

/** Why connections end: each is counted, and what looks like a fault or an attack is told in the log. */
export class Closings {
  readonly #host: MtprotoHost
  #lines = 0

  constructor(host: MtprotoHost) {
    this.#host = host
  }

  note(reason: string, transport: string, ip: string): void {
    const { log, metrics } = this.#host
    metrics.closed(reason)
    if (PLAIN.has(reason)) log.debug({ reason, transport }, 'connection closed')
    else if (this.#lines++ < LINES) log.info({ reason, transport, ip }, 'connection closed')
  }

  /** The lines of the next second; those that were not written are summed up. */
  sweep(): void {
    if (this.#lines > LINES) this.#host.log.info({ more: this.#lines - LINES }, 'connections closed')
    this.#lines = 0
  }
}
