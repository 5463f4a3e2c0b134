// The MTProto side alone with a host of the test's own: for tests and for bench/.
import { randomBytes } from 'node:crypto'
import { createMtproto } from './create.ts'
import { authKeyId } from './crypto.ts'
import type { AuthKey, MtprotoHost, MtprotoOptions, MtSession, Outgoing, Request, SessionEvent } from './host.ts'
import { KeyEntry } from './keys.ts'
import { createRsaKey, type RsaKey } from './rsa.ts'
import type { Mtproto } from './server.ts'
import { ClientKey, MtClient, type StreamOptions } from './test-client.ts'

/** All of these tests can be run with connections on threads; those that look into the server then have to fail. */
const THREADS = Number(process.env.CHAPPE_TEST_THREADS ?? 0)

let rsaKey: RsaKey | undefined

/** Writes what it is given, as a result. */
export const echo =
  (bytes: Uint8Array): Outgoing =>
  (w) =>
    w.query(bytes)

export class TestServer implements AsyncDisposable {
  readonly mtproto: Mtproto
  readonly rsa: RsaKey
  readonly keys = new Map<bigint, AuthKey>()
  readonly events: SessionEvent[] = []
  readonly requests: Request[] = []
  readonly metrics = new Map<string, number>()
  readonly logged: string[] = []
  /** Why connections were closed, as the log tells it, and of how many it only tells the number. */
  readonly refused: string[] = []
  more = 0
  session: MtSession | undefined
  port = 0
  /** Ms that the server's clock is ahead. */
  ahead = 0
  /** Answers requests; the request's own bytes by default. */
  onRequest: (session: MtSession, request: Request) => Promise<Outgoing> | Outgoing = (_, { body }) => echo(body)
  readonly host: MtprotoHost
  readonly clients: MtClient[] = []

  constructor(options: Partial<MtprotoOptions>, threads = 0) {
    this.rsa = rsaKey ??= createRsaKey()
    const count = (name: string, by: number) => this.metrics.set(name, (this.metrics.get(name) ?? 0) + by)
    const log = (level: string) => (facts: object, text: string) => {
      if ('reason' in facts) this.refused.push(String(facts.reason))
      else if ('more' in facts) this.more += Number(facts.more)
      else this.logged.push(`${level}: ${text}`)
    }
    this.host = {
      now: () => Date.now() + this.ahead,
      random: randomBytes,
      rsa: [this.rsa],
      dc: 2,
      loadKey: async (id) => this.keys.get(id),
      saveKey: async (key) => void this.keys.set(key.id, key),
      deleteKey: async (id) => void this.keys.delete(id),
      saltSecret: Buffer.alloc(32, 1),
      onRequest: async (session, request) => {
        this.session = session
        this.requests.push(request)
        return this.onRequest(session, request)
      },
      onSession: (session, event) => {
        this.session = session
        this.events.push(event)
      },
      log: { debug: () => {}, info: log('info'), warn: log('warn'), error: log('error') },
      metrics: {
        connection: (transport, by) => count(transport, by),
        bytes: (way, transport, bytes) => count(`${way} ${transport}`, bytes),
        handshake: (outcome) => count(outcome, 1),
        closed: (reason) => count(`closed: ${reason}`, 1),
      },
    }
    this.mtproto = createMtproto(this.host, options, threads)
  }

  /** A key that the server knows, without a key exchange. */
  makeKey(more: Partial<AuthKey> = {}): ClientKey {
    const key = randomBytes(256)
    const auth = { id: authKeyId(key), key, expiresAt: 0, permId: 0n, ...more }
    this.keys.set(auth.id, auth)
    const seconds = Math.floor(this.host.now() / 1000)
    return new ClientKey(key, new KeyEntry(auth, this.host.saltSecret).salt(seconds))
  }

  /** A client with such a key. */
  async client(options: StreamOptions & { key?: ClientKey } = {}): Promise<MtClient> {
    const client = await MtClient.connect(this.port, options)
    client.key = options.key ?? this.makeKey()
    client.timeOffset = this.ahead
    this.clients.push(client)
    return client
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.clients) client.close()
    await this.mtproto.close()
  }
}

/** A server on a port of its own, its connections on this thread or on so many others. */
export async function testServer(options: Partial<MtprotoOptions> = {}, threads = THREADS): Promise<TestServer> {
  const server = new TestServer({ sweepMs: 20, ackMs: 20, ...options }, threads)
  server.port = (await server.mtproto.listenTcp('127.0.0.1', 0)).port
  return server
}
