import type { Server as HttpServerOfNode, IncomingMessage, RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo, BlockList, isIP, isIPv6 } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { WebSocket } from 'ws'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { readiness } from './ready.ts'
import type { App } from './rpc/app.ts'

export interface HttpOptions {
  host: string
  port: number
  /** Believe the last entry of X-Forwarded-For. */
  trustProxy: boolean
  /** Largest body of a request, bytes. */
  bodyBytes: number
  /** Largest WebSocket message, bytes. */
  frameBytes: number
  log: Log
  metrics: Pick<Metrics, 'text' | 'contentType'>
  mtproto: {
    handleWebSocket(socket: WebSocket, ip: string): void
    /** Answers one POST, late when the client waits for news; `gone` says that it does not any more. */
    handleHttp(body: Buffer, ip: string, gone?: AbortSignal): Promise<Uint8Array>
  }
  /** Resolves when a request could be answered now, with what is amiss nevertheless; rejects with the reason when not (starting, draining, no database). */
  ready(): Promise<readonly string[]>
  /** Further routes: the Bot API, what a browser gets. */
  routes?: (app: FastifyInstance) => void | Promise<void>
}

export interface HttpServer {
  readonly host: string
  readonly port: number
  /** Takes nothing new, and says so at /readyz; what was begun goes on. */
  drain(): void
  /** Lets requests under way end and ends the rest after so many milliseconds. */
  close(graceMs?: number): Promise<void>
}

/** Time that requests under way get at the end, ms, when the caller names none. */
const GRACE = 2000

// The paths of https://core.telegram.org/mtproto/transports#websocket and #http, with the number of a data centre and
// the endings for test servers and premium that clients put behind them.
const WEBSOCKET = /^\/apiws\d*(?:_premium|_test)?$/
const HTTP = ['/api', '/api:rest(^w?\\d*(?:_test)?$)'] as const

/** Time for a request's headers, and for the whole of it, ms. */
const HEADERS_TIMEOUT = 15_000
const REQUEST_TIMEOUT = 120_000
/** Time for the database and the files to answer /readyz, ms. */
const READY_TIMEOUT = 2000

const near = new BlockList()
for (const [net, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const) {
  near.addSubnet(net, bits)
}
near.addSubnet('fc00::', 7, 'ipv6')
near.addSubnet('fe80::', 10, 'ipv6')
near.addAddress('::1', 'ipv6')

/** The caller's address; an IPv4 address in IPv6's clothes becomes plain. */
function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  if (trustProxy) {
    // The last entry is the one that our own proxy wrote; those before it are whatever the caller liked.
    const last = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .at(-1)!
      .trim()
    if (isIP(last)) return last
  }
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}

/** The figures are for whoever runs the server: this machine and private networks, not callers behind a proxy. */
function mayReadMetrics(request: IncomingMessage, trustProxy: boolean): boolean {
  if (!trustProxy && request.headers['x-forwarded-for'] !== undefined) return false
  const ip = addressOf(request, trustProxy)
  return isIP(ip) !== 0 && near.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')
}

/** What serves the requests of a port. */
interface Served {
  readonly handle: RequestListener
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends every WebSocket. */
  terminate(): void
  close(): Promise<void>
}

/**
 * Listens on the HTTP port: health, figures, and MTProto over WebSocket and HTTP. What serves them is loaded when the
 * first request comes, which is waited for by nobody who does without.
 */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  // @NOTE An import would read every export of it, and with one of them, Node's own WebSocket client, undici, TLS and HTTP/2:
  // 130 ms and 15 MiB.
  const { createServer } = createRequire(import.meta.url)('node:http') as typeof import('node:http')
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT, requestTimeout: REQUEST_TIMEOUT })
  const state = { closing: false }
  let loading: Promise<Served> | undefined
  const load = () => (loading ??= serve(options, server, state))
  const failed = (error: unknown, end: () => void) => {
    options.log.error({ err: error }, 'HTTP cannot be served')
    end()
  }
  server.on('request', (request, response) => {
    load().then(
      (served) => served.handle(request, response),
      (error) => failed(error, () => response.writeHead(500).end()),
    )
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    load().then(
      (served) => served.upgrade(request, socket, head),
      (error) => failed(error, () => socket.destroy()),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: options.host, port: options.port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  return {
    host: options.host,
    port,
    drain() {
      state.closing = true
    },
    async close(graceMs = GRACE) {
      state.closing = true
      const closed = new Promise((resolve) => server.close(resolve))
      const served = await loading?.catch(() => undefined)
      const timer = setTimeout(() => {
        served?.terminate()
        server.closeAllConnections()
      }, graceMs)
      server.closeIdleConnections()
      await served?.close()
      await closed
      clearTimeout(timer)
    },
  }
}

async function serve(options: HttpOptions, server: HttpServerOfNode, state: { closing: boolean }): Promise<Served> {
  const { log, mtproto, trustProxy } = options
  const { fastify } = await import('fastify')
  const { WebSocketServer } = await import('ws')
  let handle!: RequestListener
  const app = fastify({
    bodyLimit: options.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT,
    serverFactory(handler) {
      handle = handler as RequestListener
      return server
    },
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) log.error({ err: error, path: request.routeOptions.url }, 'an HTTP request failed')
    return reply.code(status).send({ error: status >= 500 ? 'internal error' : error.message })
  })

  app.get('/healthz', async () => 'ok\n')
  app.get('/readyz', async (_request, reply) => {
    try {
      if (state.closing) throw new Error('stopping')
      return ['ok', ...(await options.ready()), ''].join('\n')
    } catch (error) {
      return reply.code(503).send(`${(error as Error).message}\n`)
    }
  })
  app.get('/metrics', async (request, reply) => {
    if (!mayReadMetrics(request.raw, trustProxy)) return reply.code(403).send('only from a private network\n')
    return reply.type(options.metrics.contentType).send(await options.metrics.text())
  })

  for (const url of HTTP) {
    app.route({
      method: ['POST', 'OPTIONS'],
      url,
      async handler(request, reply) {
        // Clients in browsers come from any page; what they may do depends on their key alone, never on a cookie.
        reply.header('access-control-allow-origin', '*')
        if (request.method === 'OPTIONS') {
          return reply
            .header('access-control-allow-methods', 'POST, OPTIONS')
            .header('access-control-allow-headers', 'origin, content-type')
            .header('access-control-max-age', '86400')
            .code(204)
            .send()
        }
        if (state.closing) return reply.code(503).send()
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        const answer = await mtproto.handleHttp(body, addressOf(request.raw, trustProxy), gone.signal)
        return reply.type('application/octet-stream').header('cache-control', 'no-store').send(answer)
      },
    })
  }
  await options.routes?.(app)

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.frameBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('binary') ? 'binary' : false),
  })
  await app.ready()
  return {
    handle,
    upgrade(request, socket, head) {
      const path = request.url?.split('?', 1)[0] ?? ''
      if (state.closing || !WEBSOCKET.test(path)) {
        const status = state.closing ? '503 Service Unavailable' : '404 Not Found'
        socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`)
        return
      }
      sockets.handleUpgrade(request, socket, head, (ws) => mtproto.handleWebSocket(ws, addressOf(request, trustProxy)))
    },
    terminate() {
      for (const ws of sockets.clients) ws.terminate()
    },
    close: () => app.close(),
  }
}

/** The HTTP port of a server, with the settings and parts of its App. */
export function openHttp(app: App, mtproto: HttpOptions['mtproto']): Promise<HttpServer> {
  const { config, log, metrics } = app
  return startHttp({
    host: config.host,
    port: config.httpPort ?? 0,
    trustProxy: config.trustProxy,
    bodyBytes: config.limits.httpBodyBytes,
    frameBytes: config.limits.network.maxFrame,
    log,
    metrics,
    mtproto,
    ready: () => readiness(app, READY_TIMEOUT),
  })
}
