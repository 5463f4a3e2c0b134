// MTProto over HTTP: each POST carries one message and its answer one; http_wait keeps a request open for news.
// https://core.telegram.org/mtproto/service_messages#http-wait-long-poll
import type { Connection, Wire } from './connection.ts'
import type { Server } from './server.ts'
import { bare } from './transports.ts'

/** Without http_wait, ms. */
const MAX_WAIT = 25_000
const LONGEST = 60_000

/** Answers one POST. Resolves with an empty buffer when there is nothing to say. */
export function httpExchange(server: Server, body: Buffer, ip: string, signal?: AbortSignal): Promise<Buffer> {
  return new Promise((resolve) => {
    let done = false
    const finish = (bytes: Buffer) => {
      if (done) return
      done = true
      resolve(bytes)
      // The answer has what was ready; the rest goes with the next request.
      queueMicrotask(() => link?.gone('answered'))
    }
    const wire: Wire = {
      get buffered() {
        return done ? Number.POSITIVE_INFINITY : 0
      },
      write: finish,
      pause() {},
      resume() {},
      end: () => finish(Buffer.alloc(0)),
      destroy: () => finish(Buffer.alloc(0)),
    }
    const link = server.connect(wire, ip, 'http')
    if (link === undefined) return
    link.framing = bare
    link.deadline = server.time + MAX_WAIT
    link.idleMs = MAX_WAIT
    signal?.addEventListener('abort', () => link.gone('aborted'), { once: true })
    link.traffic.in += body.length
    if (body.length > server.options.maxFrame) link.destroy('frame out of bounds')
    else server.onFrame(link, body, 0, body.length, false)
  })
}

/** What http_wait says about one request, all in ms. */
export interface Wait {
  maxDelay: number
  waitAfter: number
}

/** Takes an http_wait. */
export function wait(link: Connection, maxDelay: number, waitAfter: number, maxWait: number): void {
  if (link.carrier !== 'http') return
  const bound = (ms: number) => Math.min(Math.max(ms, 0), LONGEST)
  link.deadline = link.server.time + bound(maxWait)
  link.gather = { maxDelay: bound(maxDelay), waitAfter: bound(waitAfter) }
}
