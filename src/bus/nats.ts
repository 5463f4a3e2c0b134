import type { NatsConnection } from '@nats-io/transport-node'
import { type Bus, BusError, type BusState, Listeners } from './bus.ts'

/** Time for the first connection, ms. */
const CONNECT_MS = 10_000
/** A connection that answers no two pings in a row is given up, ms. A broken one says so at once. */
const PING_MS = 2000
/** Time for the server to take what was published, ms. */
const FLUSH_MS = 3000
/** From one attempt to connect again to the next, ms: doubled from the first to the second. */
const RETRY_FIRST_MS = 50
const RETRY_MOST_MS = 3000

/**
 * A bus over NATS (core NATS: no streams, nothing kept). Subjects get the cluster's name in front, so that several
 * clusters may share a server.
 * @param address `nats://[USER[:PASSWORD]@]HOST[:PORT]`, or `tls://...`
 * @throws BusError when no server answers there
 */
export async function connectNats(address: string, prefix: string): Promise<Bus> {
  const { connect } = await import('@nats-io/transport-node') // only who has several nodes loads it
  const url = new URL(address)
  let attempt = 0
  const options = {
    servers: url.host,
    noEcho: true,
    timeout: CONNECT_MS / 2,
    pingInterval: PING_MS,
    maxPingOut: 2,
    maxReconnectAttempts: -1,
    // Of nodes that lost one server none comes back in step with the others.
    reconnectDelayHandler: () => Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** attempt++) * (0.5 + Math.random()),
    ...(url.username !== '' && url.password === '' ? { token: decodeURIComponent(url.username) } : undefined),
    ...(url.password !== ''
      ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
      : undefined),
    ...(url.protocol === 'tls:' ? { tls: {} } : undefined),
  }
  const until = performance.now() + CONNECT_MS
  for (;;) {
    try {
      const connection = await connect(options)
      const bus = new NatsBus(connection, prefix, () => {
        attempt = 0
      })
      await bus.flush()
      return bus
    } catch (error) {
      if (performance.now() > until) {
        throw new BusError(`no bus at ${url.protocol}//${url.host}: ${(error as Error).message}`, { cause: error })
      }
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}

class NatsBus implements Bus {
  readonly #nats: NatsConnection
  readonly #prefix: string
  readonly #listeners = new Listeners()
  readonly #connected: () => void
  #state: BusState = 'connected'

  constructor(nats: NatsConnection, prefix: string, connected: () => void) {
    this.#nats = nats
    this.#prefix = prefix
    this.#connected = connected
    void this.#watch()
  }

  get state(): BusState {
    return this.#state
  }

  async #watch(): Promise<void> {
    for await (const status of this.#nats.status()) {
      if (status.type === 'reconnect') {
        this.#connected()
        // The subscriptions are on their way again: only what is said after the server has them is heard.
        this.#nats.flush().then(
          () => this.#change('connected'),
          () => {}, // gone again, which is said
        )
      } else if (status.type === 'disconnect' || status.type === 'staleConnection') this.#change('cut')
    }
    this.#change('closed')
  }

  #change(state: BusState): void {
    if (this.#state === state || this.#state === 'closed') return
    this.#state = state
    this.#listeners.change(state)
  }

  publish(subject: string, data: Uint8Array): void {
    // The client would keep it for later; by then everybody has read the database.
    if (this.#state === 'connected') this.#nats.publish(this.#prefix + subject, data)
  }

  subscribe(subject: string, told: (data: Uint8Array) => void): void {
    if (!this.#listeners.add(subject, told)) return
    this.#nats.subscribe(this.#prefix + subject, {
      callback: (error, message) => {
        if (!error) this.#listeners.tell(subject, message.data)
      },
    })
  }

  async flush(): Promise<void> {
    if (this.#state !== 'connected') throw new BusError('the bus is cut')
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new BusError('the bus does not answer')), FLUSH_MS)
    })
    await Promise.race([this.#nats.flush(), late]).finally(() => clearTimeout(timer))
  }

  onState(changed: (state: BusState) => void): void {
    this.#listeners.onState(changed)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#nats.close()
    this.#change('closed')
    await closed
  }
}
