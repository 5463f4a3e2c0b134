// MTProto over HTTP: each POST carries one message and its answer one; http_wait keeps a request open for news.
// https://core.telegram.org/mtproto/service_messages#http-wait-long-poll
import type { Connection } from './connection.ts'
import type { Server } from './server.ts'
import type { Session } from './session.ts'
import { bare } from './transports.ts'
import type { Wire } from './wires.ts'

/** How long a request stays open without http_wait, and at most with it, ms. */
const MAX_WAIT = 25_000
const LONGEST = 60_000

/** A transport error; over HTTP its number is the status. https://core.telegram.org/mtproto/mtproto-transports#transport-errors */
export class HttpFailure extends Error {
  override name = 'HttpFailure'
  readonly statusCode: number

  constructor(statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

/** Answers one POST. Rejects with an HttpFailure for what is no message, or an unknown key. */
export function httpExchange(server: Server, body: Buffer, ip: string, signal?: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let done = false
    // One answer: what comes later goes with the next request.
    const finish = (settle: () => void) => {
      if (done) return
      done = true
      settle()
      queueMicrotask(() => link?.gone('answered'))
    }
    const wire: Wire = {
      get buffered() {
        return done ? Number.POSITIVE_INFINITY : 0
      },
      write: (bytes) => finish(() => resolve(bytes)),
      pause() {},
      resume() {},
      end: () => finish(() => resolve(Buffer.alloc(0))),
      destroy: () => finish(() => reject(new HttpFailure(400, 'not a message'))),
      fail: (code) => finish(() => reject(new HttpFailure(-code, `transport error ${code}`))),
    }
    const link = server.links.open(wire, ip, 'http')
    if (link === undefined) return
    link.framing = bare
    link.deadline = server.time + MAX_WAIT
    const abort = () => link.gone('aborted')
    signal?.addEventListener('abort', abort, { once: true })
    link.traffic.in += body.length
    if (body.length > server.options.maxFrame) link.destroy('frame out of bounds')
    else server.onFrame(link, body, 0, body.length, false)
  })
}

/** What http_wait says about one request, ms. */
export interface Wait {
  maxDelay: number
  waitAfter: number
  /** When the first message was ready, and what looks again. */
  since: number
  timer: NodeJS.Timeout | undefined
  due: boolean
}

/** Takes an http_wait. */
export function wait(link: Connection, maxDelay: number, waitAfter: number, maxWait: number): void {
  if (link.carrier !== 'http') return
  const bound = (ms: number) => Math.min(Math.max(ms, 0), LONGEST)
  link.deadline = link.server.time + bound(maxWait)
  link.gather = { maxDelay: bound(maxDelay), waitAfter: bound(waitAfter), since: 0, timer: undefined, due: false }
}

/** Called when a message is ready: whether more are to be collected first. It looks again by itself. */
export function stillGathers(session: Session, gather: Wait): boolean {
  if (gather.due) return false
  const now = performance.now()
  if (gather.since === 0) gather.since = now
  // Called anew for each message: `waitAfter` runs from the last one, `maxDelay` from the first.
  const left = Math.min(gather.since + gather.maxDelay - now, gather.waitAfter)
  if (left <= 0) return false
  clearTimeout(gather.timer)
  gather.timer = setTimeout(() => {
    gather.due = true
    session.ready()
  }, left)
  return true
}
