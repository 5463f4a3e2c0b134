// Messages as they come in, decrypted: checked, taken apart, and handled or handed up.
// https://core.telegram.org/mtproto/description and /mtproto/service_messages_about_messages
import type { Connection } from './connection.ts'
import { dropAnswer } from './drop-answer.ts'
import { gunzip } from './gzip.ts'
import {
  BAD_MSG_NOTIFICATION,
  BAD_SERVER_SALT,
  GZIP_PACKED,
  MSG_CONTAINER,
  MSG_DETAILED_INFO,
  RPC_DROP_ANSWER,
  RPC_ERROR,
} from './ids.ts'
import type { KeyEntry } from './keys.ts'
import { sendNow } from './outgoing.ts'
import { ANSWERED, Received, RUNNING, SERVICE } from './sent.ts'
import { service } from './service.ts'
import type { Session } from './session.ts'
import type { Lease } from './slabs.ts'

/** Salt, session id, message id, number and length. */
const HEADER = 32
/** Seconds that a message may be old or ahead. */
const OLD = 300
const AHEAD = 30
/** An answer that is on its way on a living connection is announced, not sent twice, when it is larger. */
const LARGE = 64 * 1024

export const TOO_LOW = 16
export const TOO_HIGH = 17
export const NOT_BY_FOUR = 18
export const SAME_CONTAINER = 19
export const TOO_OLD = 20
export const SEQ_TOO_LOW = 32
export const SEQ_TOO_HIGH = 33
export const SEQ_NOT_EVEN = 34
export const SEQ_NOT_ODD = 35
export const BAD_CONTAINER = 64

/**
 * Takes one decrypted frame, which requests may keep, holding its lease. Gives false when it is not well-formed, which
 * no client that has the key sends.
 */
export function receive(link: Connection, key: KeyEntry, text: Buffer, lease?: Lease): boolean {
  const { server } = link
  const view = new DataView(text.buffer, text.byteOffset, text.length)
  const length = view.getInt32(28, true)
  const padding = text.length - HEADER - length
  if (length < 4 || (length & 3) !== 0 || padding < 12 || padding > 1024) return false
  const salt = view.getBigInt64(0, true)
  const sessionId = view.getBigInt64(8, true)
  const msgId = view.getBigInt64(16, true)
  const seqNo = view.getInt32(24, true)
  const { sessions } = link
  let session = sessions[sessions.length - 1]
  if (session === undefined || session.id !== sessionId || session.key !== key) session = server.session(key, sessionId)

  const now = server.seconds()
  const sentAt = view.getInt32(20, true)
  const code =
    (view.getUint8(16) & 3) !== 0 ? NOT_BY_FOUR : sentAt < now - OLD ? TOO_LOW : sentAt > now + AHEAD ? TOO_HIGH : 0
  if (code !== 0) {
    bad(session, link, msgId, seqNo, code)
    return true
  }
  if (!key.takesSalt(salt, now)) {
    sendNow(session, link, (w) => {
      w.int(BAD_SERVER_SALT)
      w.long(msgId)
      w.int(seqNo)
      w.int(48)
      w.long(key.salt(now))
    })
    return true
  }
  link.carry(session)
  message(session, link, text, view, msgId, seqNo, HEADER, HEADER + length, 0n, lease)
  return true
}

/** https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message */
function bad(session: Session, link: Connection, msgId: bigint, seqNo: number, code: number): void {
  session.server.host.log.debug({ badMsg: code }, 'message refused')
  sendNow(session, link, (w) => {
    w.int(BAD_MSG_NOTIFICATION)
    w.long(msgId)
    w.int(seqNo)
    w.int(code)
  })
}

// One message, of its own or out of the container with id `inside`.
function message(
  session: Session,
  link: Connection,
  text: Buffer,
  view: DataView,
  msgId: bigint,
  seqNo: number,
  from: number,
  to: number,
  inside: bigint,
  lease: Lease | undefined,
): void {
  const id = view.getInt32(from, true)
  const known = session.inbox.get(msgId)
  if (known !== undefined) {
    if (id === MSG_CONTAINER) bad(session, link, msgId, seqNo, SAME_CONTAINER)
    else if (known.state === SERVICE) body(session, link, text, view, msgId, seqNo, from, to, known, lease)
    else repeated(session, link, known)
    return
  }
  const code = order(session, msgId, seqNo) || parity(id, seqNo)
  if (code !== 0) {
    bad(session, link, msgId, seqNo, code)
    return
  }
  const content = (seqNo & 1) !== 0
  if (id === MSG_CONTAINER) {
    const messages = container(session, text, view, msgId, from, to)
    if (messages === undefined) {
      bad(session, link, msgId, seqNo, BAD_CONTAINER)
      return
    }
    noteService(session, msgId, seqNo, false)
    if (!session.announced) session.announce(lowest(messages, msgId))
    for (const m of messages) message(session, link, text, view, m.msgId, m.seqNo, m.from, m.to, msgId, lease)
    return
  }
  if (!session.announced && inside === 0n) session.announce(msgId)
  if (id === GZIP_PACKED) {
    const unpacked = gunzip(text.subarray(from, to), session.server.options.maxUnpacked)
    if (unpacked === undefined || unpacked.readInt32LE(0) === MSG_CONTAINER) {
      const received = note(session, link, msgId, seqNo, content)
      session.reply(received, (w) => {
        w.int(RPC_ERROR)
        w.int(400)
        w.string('INPUT_FETCH_ERROR')
      })
      return
    }
    const inner = new DataView(unpacked.buffer, unpacked.byteOffset, unpacked.length)
    body(session, link, unpacked, inner, msgId, seqNo, 0, unpacked.length, undefined, undefined)
    return
  }
  body(session, link, text, view, msgId, seqNo, from, to, undefined, lease)
}

// A message that is no container. `known`: it came before, and is answered again because that changes nothing.

function body(
  session: Session,
  link: Connection,
  text: Buffer,
  view: DataView,
  msgId: bigint,
  seqNo: number,
  from: number,
  to: number,
  known: Received | undefined,
  lease: Lease | undefined,
): void {
  const content = (seqNo & 1) !== 0
  const id = view.getInt32(from, true)
  if (id === RPC_DROP_ANSWER && to - from >= 12) {
    const received = note(session, link, msgId, seqNo, content)
    session.reply(received, dropAnswer(session, view.getBigInt64(from + 4, true)))
    return
  }
  const handler = service(id)
  if (handler === undefined) {
    if (!content) {
      bad(session, link, msgId, seqNo, SEQ_NOT_ODD)
      return
    }
    const received = note(session, link, msgId, seqNo, true)
    session.request(received, text.subarray(from, to), lease?.hold())
    return
  }
  if (known === undefined) noteService(session, msgId, seqNo, content)
  const answered = handler({ session, link, msgId, view, text, at: from + 4, end: to })
  if (content && !answered) {
    session.ack(msgId)
    session.ready()
  }
}

function noteService({ inbox, server }: Session, msgId: bigint, seqNo: number, content: boolean): void {
  inbox.add(msgId, seqNo, server.serviceNotes.at(server.time, content))
}

// A request: it runs, till it has an answer.
function note(session: Session, link: Connection, msgId: bigint, seqNo: number, content: boolean): Received {
  const received = new Received(msgId, RUNNING, content, session.server.time, link)
  session.inbox.add(msgId, seqNo, received)
  return received
}

// Numbers must grow with message ids. Only the newest message is compared with.
function order({ inbox }: Session, msgId: bigint, seqNo: number): number {
  if (msgId <= inbox.floor) return TOO_OLD
  const { lastId, lastSeq } = inbox
  if (lastId === 0n || (lastSeq === seqNo && (seqNo & 1) === 0)) return 0
  if (msgId > lastId) return seqNo > lastSeq ? 0 : SEQ_TOO_LOW
  return seqNo < lastSeq ? 0 : SEQ_TOO_HIGH
}

// Acknowledgements should have an even number, too, but there are clients that number them like requests.
function parity(id: number, seqNo: number): number {
  return (seqNo & 1) !== 0 && id === MSG_CONTAINER ? SEQ_NOT_EVEN : 0
}

interface Inner {
  msgId: bigint
  seqNo: number
  from: number
  to: number
}

// The messages of a container; undefined when it is not one: a length that does not fit, too many messages, a container
// inside, an id that is not below the container's.
function container(
  session: Session,
  text: Buffer,
  view: DataView,
  containerId: bigint,
  from: number,
  to: number,
): Inner[] | undefined {
  if (to - from < 8) return undefined
  const count = view.getInt32(from + 4, true)
  if (count < 0 || count > session.server.options.maxContainer) return undefined
  const messages: Inner[] = []
  let at = from + 8
  for (let i = 0; i < count; i++) {
    if (to - at < 20) return undefined
    const msgId = view.getBigInt64(at, true)
    const length = view.getInt32(at + 12, true)
    if (length < 4 || (length & 3) !== 0 || length > to - at - 16 || msgId >= containerId) return undefined
    if (view.getInt32(at + 16, true) === MSG_CONTAINER || (text[at]! & 3) !== 0) return undefined
    messages.push({ msgId, seqNo: view.getInt32(at + 8, true), from: at + 16, to: at + 16 + length })
    at += 16 + length
  }
  return at === to ? messages : undefined
}

function lowest(messages: readonly Inner[], containerId: bigint): bigint {
  let low = containerId
  for (const { msgId } of messages) if (msgId < low) low = msgId
  return low
}

// A request that came before: it does not run again.
function repeated(session: Session, link: Connection, known: Received): void {
  if (known.state === RUNNING) {
    known.link = link
    return
  }
  const { answer } = known
  if (known.state !== ANSWERED || answer === undefined) {
    session.ack(known.msgId)
    session.ready()
    return
  }
  if (answer.bytes > LARGE && answer.link === link && !answer.acked && !answer.queued) {
    session.notice((w) => {
      w.int(MSG_DETAILED_INFO)
      w.long(known.msgId)
      w.long(answer.msgId)
      w.int(answer.bytes)
      w.int(0)
    })
    return
  }
  if (answer.link !== undefined) answer.link = link
  if (!session.resend(answer)) {
    session.ack(known.msgId)
    session.ready()
  }
}
