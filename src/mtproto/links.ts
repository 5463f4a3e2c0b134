// The connections there are: how many, of whom, how long they may say nothing, and what they carry.
import { setTimeout as sleep } from 'node:timers/promises'
import { Closings } from './closings.ts'
import { Connection, HOLD_WORK } from './connection.ts'
import type { Server } from './server.ts'
import type { Wire } from './wires.ts'

/** How long a connection may take to close after its last bytes, ms. */
const LINGER_MS = 5000
/** The same when the server stops. */
const CLOSE_MS = 500

/** A connection on which nothing came in for so long is kept small, ms. */
const QUIET_MS = 4000

/** Bytes of one transport since they were reported last. */
export interface Traffic {
  in: number
  out: number
}

export class Links {
  readonly #server: Server
  readonly #all = new Set<Connection>()
  readonly #perIp = new Map<string, number>()
  readonly #traffic = new Map<string, Traffic>()
  readonly #closings: Closings
  #lingering: { wire: Wire; until: number }[] = []
  #closing = false

  constructor(server: Server) {
    this.#server = server
    this.#closings = new Closings(server.host)
  }

  get size(): number {
    return this.#all.size
  }

  trafficOf(transport: string): Traffic {
    let traffic = this.#traffic.get(transport)
    if (traffic === undefined) {
      traffic = { in: 0, out: 0 }
      this.#traffic.set(transport, traffic)
    }
    return traffic
  }

  /** A new connection; undefined when there are too many. */
  open(wire: Wire, ip: string, carrier: string): Connection | undefined {
    const { options, host } = this.#server
    const count = this.#perIp.get(ip) ?? 0
    if (this.#closing || this.#all.size >= options.maxConnections || count >= options.maxConnectionsPerIp) {
      wire.destroy()
      this.#closings.note('too many connections', carrier, ip)
      return undefined
    }
    const link = new Connection(this.#server, wire, ip, carrier)
    this.#all.add(link)
    this.#perIp.set(ip, count + 1)
    host.metrics.connection(carrier, 1)
    return link
  }

  /** A connection has ended. */
  closed(link: Connection, reason: string, graceful: boolean): void {
    this.#all.delete(link)
    const left = this.#perIp.get(link.ip)! - 1
    if (left > 0) this.#perIp.set(link.ip, left)
    else this.#perIp.delete(link.ip)
    this.#server.abandoned(link)
    if (graceful) this.#lingering.push({ wire: link.wire, until: this.#server.time + LINGER_MS })
    this.#server.host.metrics.connection(link.transport, -1)
    this.#closings.note(reason, link.transport, link.ip)
  }

  /** Called every second or so: ends those whose time is over. */
  sweep(now: number): void {
    for (const link of this.#all) {
      if (now - link.lastFrame > QUIET_MS) link.letGo()
      if (now >= link.deadline) link.expire()
      else if (link.stalledSince !== 0) {
        if (link.wire.buffered < link.stalledAt) {
          link.stalledSince = now
          link.stalledAt = link.wire.buffered
        } else if (now - link.stalledSince > this.#server.options.stalledMs) link.destroy('does not read')
      }
    }
    const lingering = this.#lingering
    while (lingering.length > 0 && lingering[0]!.until <= now) lingering.shift()!.wire.destroy()
    this.#closings.sweep()
    this.#report()
  }

  #report(): void {
    const { metrics } = this.#server.host
    for (const [transport, traffic] of this.#traffic) {
      if (traffic.in > 0) metrics.bytes('in', transport, traffic.in)
      if (traffic.out > 0) metrics.bytes('out', transport, traffic.out)
      traffic.in = 0
      traffic.out = 0
    }
  }

  /** Takes nothing new, and waits till `idle` and everything has left, for so long at most. */
  async still(graceMs: number, idle: () => boolean): Promise<void> {
    this.#closing = true
    for (const link of this.#all) link.hold(HOLD_WORK)
    const until = performance.now() + graceMs
    while (performance.now() < until && !(idle() && this.#written())) await sleep(5)
  }

  #written(): boolean {
    for (const link of this.#all) if (link.carrier !== 'http' && link.wire.buffered > 0) return false
    return true
  }

  /** Ends all of them; resolves with `ended`, which they may hold up for a moment. */
  async close(ended: Promise<unknown>): Promise<void> {
    for (const link of [...this.#all]) link.close('shutting down')
    const lingering = setTimeout(() => {
      for (const { wire } of this.#lingering) wire.destroy()
    }, CLOSE_MS)
    this.#report()
    await ended
    clearTimeout(lingering)
  }
}
