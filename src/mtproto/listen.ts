// Where connections come in: TCP and WebSocket.
import { type AddressInfo, createServer, type Socket, type Server as TcpServer } from 'node:net'
import type { WebSocket } from 'ws'
import type { Connection } from './connection.ts'
import type { Server } from './server.ts'
import { tcpWire, webSocketWire } from './wires.ts'

/** Seconds of silence after which the system asks whether the other side still exists, ms. */
const KEEP_ALIVE = 60_000
/** Bytes that one read of a socket may bring. */
const READ = 128 * 1024

export interface Listening {
  listener: TcpServer
  address: { host: string; port: number }
}

/** Listens for every TCP transport. Rejects when the address cannot be had. */
export function listen(server: Server, host: string, port: number, shared = false): Promise<Listening> {
  const listener = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE }, (socket) => {
    accept(server, socket)
  })
  return new Promise((resolve, reject) => {
    listener.once('error', reject)
    listener.listen({ host, port, reusePort: shared }, () => {
      listener.off('error', reject)
      listener.on('error', (error) => server.host.log.error({ err: error }, 'the listener failed'))
      const { address, port: given } = listener.address() as AddressInfo
      resolve({ listener, address: { host: address, port: given } })
    })
  })
}

/** Where a socket says which connection it carries, so that all sockets share their listeners. */
const LINK = Symbol('connection')

interface Carrier extends Socket {
  [LINK]?: Connection | undefined
}

function accept(server: Server, socket: Carrier): void {
  const link = server.links.open(tcpWire(socket), (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, ''), 'tcp')
  socket[LINK] = link
  // A socket may fail after it was refused, too.
  socket.on('error', onError)
  if (link === undefined) return
  if (!readInto(socket)) socket.on('data', onData)
  socket.on('drain', onDrain)
  socket.on('close', onClose)
}

function onError(this: Carrier): void {
  this[LINK]?.gone('socket error')
}

function onData(this: Carrier, chunk: Buffer): void {
  this[LINK]?.push(chunk)
}

function onDrain(this: Carrier): void {
  this[LINK]?.drained()
}

function onClose(this: Carrier): void {
  this[LINK]?.gone('closed by the client')
}

/** What all sockets are read into, one at a time: nobody looks at it once `push` is over. */
let shared: Buffer | undefined

interface ByteHandle {
  useUserBuffer?(bytes: Uint8Array): void
}

// By default every read takes 64 KiB and gives back what was not filled, and V8 collects everything for every 64 MiB of
// them. Node reads into one buffer for sockets that connect (`onread`), and has no such option for those that come in:
// so what the option does is done here. Gives false where this Node does it otherwise.
function readInto(socket: Carrier): boolean {
  const fields = socket as unknown as Record<symbol, unknown> & { _handle?: ByteHandle | null }
  const own = Object.getOwnPropertySymbols(fields)
  const [buffer, callback] = ['kBuffer', 'kBufferCb'].map((name) => own.find((s) => s.description === name))
  const handle = fields._handle
  if (buffer === undefined || callback === undefined || typeof handle?.useUserBuffer !== 'function') return false
  shared ??= Buffer.allocUnsafeSlow(READ)
  fields[buffer] = shared
  fields[callback] = onRead
  handle.useUserBuffer(shared)
  return true
}

// Node calls it as the socket's own.
function onRead(this: Carrier, bytes: number): boolean {
  this[LINK]?.push(shared!.subarray(0, bytes))
  return true
}

/** Takes over a WebSocket. What it carries is the same stream as over TCP. */
export function acceptWebSocket(server: Server, ws: WebSocket, ip: string): void {
  const link = server.links.open(
    webSocketWire(ws, () => link?.drained()),
    ip,
    'websocket',
  )
  ws.on('error', () => link?.gone('socket error'))
  if (link === undefined) return
  ws.on('message', (data: Buffer | ArrayBuffer | Buffer[]) => {
    const bytes = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
    link.push(bytes)
  })
  ws.on('close', () => link.gone('closed by the client'))
}
