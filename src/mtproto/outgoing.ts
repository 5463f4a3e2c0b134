// Writes what a session has to say into frames: one buffer is filled with everything and encrypted from there.
import { gzipSync } from 'node:zlib'
import { Writer } from '../tl/writer.ts'
import type { Connection } from './connection.ts'
import { PREFIX } from './crypto.ts'
import type { Outgoing } from './host.ts'
import { stillGathers } from './http.ts'
import {
  GZIP_PACKED,
  MSG_CONTAINER,
  MSGS_ACK,
  RPC_ERROR,
  RPC_RESULT,
  UPLOAD_CDN_FILE,
  UPLOAD_FILE,
  UPLOAD_WEB_FILE,
} from './ids.ts'
import { NONE } from './lists.ts'
import { hasPiece, readPieces, sendPiece } from './pieces.ts'
import type { RandomPool } from './random.ts'
import { isKept, type Sent } from './sent.ts'
import type { Server } from './server.ts'
import type { Session } from './session.ts'

// Positions in words: prefix for the hash, salt, session id, message id, number, length, body.
const SALT_AT = PREFIX / 4
const MESSAGE_AT = SALT_AT + 4
const BODY_AT = MESSAGE_AT + 4
/** What a frame is filled up to with several messages. */
const BATCH_WORDS = 128 * 1024
const BATCH = 1000
const ACKS = 4096

const writer = new Writer(new Map(), 65536)

/** Sends everything a session has queued, as far as its connections take it. */
export function flush(session: Session): void {
  session.dirty = false
  const { links } = session
  if (session.closed || links.length === 0) return
  const newest = links[links.length - 1]!
  const all = session.outbox
  if (
    all.length === 1 &&
    links.length === 1 &&
    all[0]!.write?.piece === undefined &&
    session.notices.length + session.acks.length === 0
  ) {
    if (sendAlone(session, newest, all[0]!)) all.pop()
    session.pump()
    return
  }
  session.outbox = []
  const left = links.length === 1 ? sendList(session, newest, all) : sendLists(session, newest, all)
  if (left.length > 0) session.outbox = left.concat(session.outbox)
  session.pump()
}

// The most frequent case, a push or an answer by itself. Gives whether it is dealt with.
function sendAlone(session: Session, link: Connection, sent: Sent): boolean {
  if (isSettled(sent)) return true
  if (link.closed || link.clogged || (link.gather !== undefined && stillGathers(session, link.gather))) return false
  const w = writer
  begin(w, session)
  if (!writeSent(w, session, sent)) return true
  header(w, MESSAGE_AT, sent.msgId, sent.seqNo)
  seal(w, session, link, session.server.pool)
  session.unacked.add(sent, link)
  return true
}

function sendLists(session: Session, newest: Connection, all: Sent[]): Sent[] {
  const lists = new Map<Connection, Sent[]>([[newest, []]])
  for (const sent of all) {
    const link = sent.link !== undefined && session.links.includes(sent.link) ? sent.link : newest
    const list = lists.get(link)
    if (list === undefined) lists.set(link, [sent])
    else list.push(sent)
  }
  return [...lists].flatMap(([link, list]) => sendList(session, link, list))
}

// Gives what could not be sent.
function sendList(session: Session, link: Connection, all: Sent[]): Sent[] {
  let list = all.some(isSettled) ? all.filter((sent) => !isSettled(sent)) : all
  if (list.some(hasPiece) && !link.closed && !link.clogged) list = readPieces(session, list)
  while (list.length + session.notices.length + session.acks.length > 0) {
    if (link.closed || link.clogged || mustWait(session, link, list)) return list
    if (list.length > 0 && hasPiece(list[0]!)) {
      if (list[0]!.write!.piece!.bytes === undefined) return list
      sendPiece(session, link, list[0]!)
      list = list.slice(1)
      continue
    }
    const used = sendFrame(session, link, list)
    list = used === list.length ? [] : list.slice(used)
  }
  return list
}

// Over HTTP one message answers a request: acknowledgements are not worth it, and http_wait may ask to collect more.
function mustWait(session: Session, link: Connection, list: Sent[]): boolean {
  if (link.carrier !== 'http') return false
  return list.length + session.notices.length === 0 || (link.gather !== undefined && stillGathers(session, link.gather))
}

// Acknowledged while it waited to be sent again, or given up.
function isSettled(sent: Sent): boolean {
  return sent.acked || !isKept(sent)
}

// Sends one frame with the session's notices and acknowledgements and as many messages of the list as fit: how many.
function sendFrame(session: Session, link: Connection, list: Sent[]): number {
  const { server } = session
  const { notices } = session
  const acks = session.takeAcks(ACKS)
  session.notices = NONE
  const w = writer
  const count = list.length + notices.length + (acks.length > 0 ? 1 : 0)
  if (count === 0) return 0
  begin(w, session)
  let used = 0
  if (count === 1) {
    const sent = list[0]
    let written = true
    if (sent !== undefined) {
      used = 1
      written = writeSent(w, session, sent)
      if (written) header(w, MESSAGE_AT, sent.msgId, sent.seqNo)
    } else {
      if (acks.length > 0) writeAcks(w, acks)
      else notices[0]!(w)
      header(w, MESSAGE_AT, server.nextMsgId(1), session.nextSeq(false))
    }
    if (!written) return used
  } else {
    const container = w.take(2)
    let messages = 0
    const service = (write: Outgoing) => {
      const at = w.take(4)
      write(w)
      header(w, at, server.nextMsgId(1), session.nextSeq(false))
      messages++
    }
    for (const write of notices) service(write)
    if (acks.length > 0) service((w) => writeAcks(w, acks))
    while (used < list.length && messages < BATCH && w.pos < BATCH_WORDS && !hasPiece(list[used]!)) {
      const sent = list[used++]!
      const at = w.take(4)
      if (!writeSent(w, session, sent)) {
        w.pos = at
        continue
      }
      header(w, at, sent.msgId, sent.seqNo)
      messages++
    }
    if (messages === 0) return used
    w.i32[container] = MSG_CONTAINER
    w.i32[container + 1] = messages
    header(w, MESSAGE_AT, server.nextMsgId(1), session.nextSeq(false))
  }
  seal(w, session, link, server.pool)
  for (let i = 0; i < used; i++) {
    const sent = list[i]!
    if (sent.msgId !== 0n) session.unacked.add(sent, link)
  }
  return used
}

export function begin(w: Writer, session: Session): void {
  w.reset()
  w.take(BODY_AT)
  w.view.setBigInt64(SALT_AT * 4, session.key.salt(session.server.seconds()), true)
  w.view.setBigInt64(SALT_AT * 4 + 8, session.id, true)
}

function header(w: Writer, at: number, msgId: bigint, seqNo: number): void {
  w.view.setBigInt64(at * 4, msgId, true)
  w.i32[at + 2] = seqNo
  w.i32[at + 3] = (w.pos - at - 4) * 4
}

// Pads and sends: 12 to 27 bytes, up to a multiple of 16.
function seal(w: Writer, session: Session, link: Connection, pool: RandomPool): void {
  const bytes = w.pos * 4 - PREFIX
  const padding = 12 + ((4 - bytes) & 15)
  const at = w.pos * 4
  w.take(padding >> 2)
  pool.fill(w.u8, at, at + padding)
  link.sendEncrypted(session.key, w.u8, bytes + padding)
}

/** Sends one service message at once on a connection, whether the session has taken to it or not. */
export function sendNow(session: Session, link: Connection, write: Outgoing): void {
  if (link.closed) return
  const { server } = session
  const w = writer
  begin(w, session)
  write(w)
  header(w, MESSAGE_AT, server.nextMsgId(1), session.nextSeq(false))
  seal(w, session, link, server.pool)
}

/** Answers an HTTP request that waited in vain: with acknowledgements, be they none. */
export function sendWaited(session: Session, link: Connection): void {
  const acks = session.takeAcks(ACKS)
  sendNow(session, link, (w) => writeAcks(w, acks))
}

function writeAcks(w: Writer, ids: readonly bigint[]): void {
  w.int(MSGS_ACK)
  w.vecLong(ids)
}

// Writes a body, and numbers the message when it is its first time. Gives false when there is nothing to send.
function writeSent(w: Writer, session: Session, sent: Sent): boolean {
  const { server } = session
  const start = w.pos
  if (sent.req !== undefined) {
    w.int(RPC_RESULT)
    w.long(sent.req.msgId)
  }
  const from = w.pos
  try {
    writeBody(w, sent)
  } catch (error) {
    server.host.log.error({ err: error }, 'a message could not be written')
    w.pos = from
    if (sent.req === undefined) {
      sent.write = undefined
      return false
    }
    sent.write = internal
    internal(w)
  }
  compress(w, from, server.options.compressAbove)
  if (sent.msgId === 0n) {
    sent.msgId = server.nextMsgId(sent.req === undefined ? 3 : 1)
    sent.seqNo = session.nextSeq(true)
    sent.bytes = (w.pos - start) * 4
  }
  return true
}

function writeBody(w: Writer, sent: Sent): void {
  if (sent.body !== undefined) w.query(sent.body)
  else sent.write?.(w)
}

/** What is answered when an answer cannot be had. */
export const internal: Outgoing = (w) => {
  w.int(RPC_ERROR)
  w.int(500)
  w.string('INTERNAL')
}

// Packs what stands from `from` on if it is long and gets shorter.
function compress(w: Writer, from: number, above: number): void {
  const bytes = (w.pos - from) * 4
  if (bytes <= above) return
  const id = w.i32[from]
  if (id === UPLOAD_FILE || id === UPLOAD_CDN_FILE || id === UPLOAD_WEB_FILE || id === GZIP_PACKED) return
  const packed = gzipSync(w.u8.subarray(from * 4, w.pos * 4), { level: 1 })
  if (packed.length > bytes * 0.9) return
  w.pos = from
  w.int(GZIP_PACKED)
  w.bytes(packed)
}

/** Replaces what writes a message by its bytes. A piece of a file takes none, it is read again. */
export function compact(sent: Sent, server: Server): void {
  if (hasPiece(sent)) return
  const w = writer
  w.reset()
  try {
    writeBody(w, sent)
    sent.body = w.copy()
  } catch (error) {
    server.host.log.error({ err: error }, 'a message could not be written')
  }
  sent.write = undefined
}
