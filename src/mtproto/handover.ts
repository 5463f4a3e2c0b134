// A session that goes on in another thread: everything it knows, as plain data.
import { Writer } from '../tl/writer.ts'
import { fileAnswer } from './front-files.ts'
import type { FileRange } from './host.ts'
import { compact } from './outgoing.ts'
import { ANSWERED, isKept, Received, RUNNING, Sent } from './sent.ts'
import type { Server } from './server.ts'
import type { Session } from './session.ts'

export interface Handover {
  announced: boolean
  lastId: bigint
  lastSeq: number
  floor: bigint
  content: number
  acks: bigint[]
  received: { msgId: bigint; state: number; content: boolean; acked: boolean; request: number; body?: Uint8Array }[]
  /** What the client has not acknowledged, or was not sent yet: oldest first. `req` is the request it answers. */
  sent: SentData[]
}

/** `body` of an answer with a piece of a file is what stands before the piece. */
interface SentData {
  req: bigint
  msgId: bigint
  seqNo: number
  bytes: number
  body: Uint8Array
  piece?: { file: FileRange; length: number }
}

/** The session's state; it must be left alone from then on. `requestOf` gives the number a running request went up by. */
export function handOver(session: Session, requestOf: (received: Received) => number): Handover {
  const { server, inbox } = session
  const waiting = new Map(session.waiting.map(({ received, body }) => [received, body]))
  return {
    announced: session.announced,
    lastId: inbox.lastId,
    lastSeq: inbox.lastSeq,
    floor: inbox.floor,
    content: session.content,
    acks: [...session.acks],
    received: [...inbox.all()].map(([msgId, received]) => {
      const { state, content, acked } = received
      const body = waiting.get(received)
      const request = state === RUNNING && body === undefined ? requestOf(received) : 0
      return { msgId, state, content, acked, request, ...(body !== undefined && { body }) }
    }),
    sent: [...session.unacked.all(), ...(session.loading ?? []), ...session.outbox].flatMap((sent) =>
      plain(sent, server),
    ),
  }
}

function plain(sent: Sent, server: Server): Handover['sent'] {
  if (sent.acked || !isKept(sent)) return []
  const piece = sent.write?.piece
  if (piece?.file !== undefined) {
    const w = new Writer(new Map(), 64)
    piece.head(w)
    const { file, length } = piece
    return [{ ...numbers(sent), body: w.copy(), piece: { file, length } }]
  }
  if (sent.body === undefined) compact(sent, server)
  return sent.body === undefined ? [] : [{ ...numbers(sent), body: sent.body }]
}

const numbers = ({ req, msgId, seqNo, bytes }: Sent) => ({ req: req?.msgId ?? 0n, msgId, seqNo, bytes })

/** Gives a new session the state of the one it goes on from. `resume` is told of each request that runs already. */
export function takeOver(
  session: Session,
  from: Handover,
  resume: (received: Received, request: number) => void,
): void {
  const { announced, lastId, lastSeq, floor, content, acks } = from
  Object.assign(session, { announced, content, acks })
  Object.assign(session.inbox, { lastId, lastSeq, floor })
  const waiting: [Received, Buffer][] = []
  for (const old of from.received) {
    const received = new Received(old.msgId, old.state, old.content, session.server.time, undefined)
    received.acked = old.acked
    session.inbox.restore(old.msgId, received)
    if (old.body !== undefined) waiting.push([received, Buffer.from(old.body)])
    else if (old.request !== 0) {
      session.inFlight++
      resume(received, old.request)
    }
  }
  for (const { req, msgId, seqNo, bytes, body, piece } of from.sent) {
    const received = req === 0n ? undefined : session.inbox.get(req)
    const sent = new Sent(piece && fileAnswer(piece.file, piece.length, body), received)
    Object.assign(sent, { msgId, seqNo, bytes }, piece === undefined && { body })
    if (received?.state === ANSWERED) received.answer = sent
    session.outbox.push(sent)
  }
  for (const [received, body] of waiting) session.request(received, body)
}
