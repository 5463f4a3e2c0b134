// Answers that end with a piece of a file. It is read when it is to be sent, into a slab with room round it: the rest of
// the frame is put round it there, and it is hashed and encrypted where it is. What has to be sent again is read again.
import { Writer } from '../tl/writer.ts'
import type { Connection } from './connection.ts'
import { PREFIX } from './crypto.ts'
import type { FilePiece } from './host.ts'
import { RPC_RESULT } from './ids.ts'
import { begin, internal } from './outgoing.ts'
import { isKept, type Sent } from './sent.ts'
import type { Session } from './session.ts'
import { giveSlab } from './slabs.ts'

/** Pieces of one session that are read, or wait to be sent, at a time. */
const AT_ONCE = 4

const writer = new Writer(new Map(), 4096)

export const hasPiece = (sent: Sent): boolean => sent.write?.piece !== undefined

/** Has pieces read that are not at hand, some at a time, and gives what may be sent now. The rest is queued again. */
export function readPieces(session: Session, list: readonly Sent[]): Sent[] {
  return list.filter((sent) => {
    const piece = sent.write?.piece
    if (piece === undefined || piece.bytes !== undefined) return true
    if ((session.loading?.size ?? 0) >= AT_ONCE) session.outbox.push(sent)
    else read(session, sent, piece)
    return false
  })
}

function read(session: Session, sent: Sent, piece: FilePiece): void {
  session.loading ??= new Set()
  session.loading.add(sent)
  piece
    .load()
    .then((bytes) => {
      if (bytes.length !== piece.length) throw new Error('a file is shorter than it was')
      piece.bytes = bytes
    })
    .catch((error: unknown) => {
      session.server.host.log.error({ err: error }, 'a piece of a file could not be read')
      sent.write = internal
    })
    .then(() => {
      if (!session.loading?.delete(sent) || sent.acked || !isKept(sent)) release(piece)
      else {
        session.outbox.push(sent)
        session.ready()
      }
    })
}

/** Gives the memory of a piece back. */
export function release(piece: FilePiece): void {
  if (piece.bytes !== undefined) giveSlab(piece.bytes)
  piece.bytes = undefined
}

/** Sends an answer whose piece was read. */
export function sendPiece(session: Session, link: Connection, sent: Sent): void {
  const piece = sent.write!.piece!
  const bytes = piece.bytes!
  const { server } = session
  const w = writer
  begin(w, session)
  const message = w.pos - 4
  w.int(RPC_RESULT)
  w.long(sent.req!.msgId)
  piece.head(w)
  // Behind the piece: what TL fills up with, and MTProto's padding.
  const head = w.pos * 4
  const filled = -bytes.length & 3
  const size = head - (message + 4) * 4 + bytes.length + filled
  const length = head - PREFIX + bytes.length + filled
  const padding = 12 + ((4 - length) & 15)
  if (sent.msgId === 0n) {
    sent.msgId = server.nextMsgId(1)
    sent.seqNo = session.nextSeq(true)
    sent.bytes = size
  }
  w.view.setBigInt64(message * 4, sent.msgId, true)
  w.i32[message + 2] = sent.seqNo
  w.i32[message + 3] = size
  const slab = Buffer.from(bytes.buffer)
  const start = bytes.byteOffset - head
  const end = bytes.byteOffset + bytes.length
  slab.set(w.written(), start)
  slab.fill(0, end, end + filled)
  server.pool.fill(slab, end + filled, end + filled + padding)
  piece.bytes = undefined
  link.sendSlab(session.key, slab, start + PREFIX, length + padding)
  session.unacked.add(sent, link)
}
