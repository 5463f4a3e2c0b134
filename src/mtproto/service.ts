// MTProto's own messages that a client sends inside of a session.
// https://core.telegram.org/mtproto/service_messages
import type { Connection } from './connection.ts'
import { wait } from './http.ts'
import {
  BAD_MSG_NOTIFICATION,
  BAD_SERVER_SALT,
  DESTROY_AUTH_KEY,
  DESTROY_AUTH_KEY_FAIL,
  DESTROY_AUTH_KEY_NONE,
  DESTROY_AUTH_KEY_OK,
  DESTROY_SESSION,
  DESTROY_SESSION_NONE,
  DESTROY_SESSION_OK,
  FUTURE_SALTS,
  GET_FUTURE_SALTS,
  HTTP_WAIT,
  MSG_DETAILED_INFO,
  MSG_NEW_DETAILED_INFO,
  MSG_RESEND_ANS_REQ,
  MSG_RESEND_REQ,
  MSGS_ACK,
  MSGS_ALL_INFO,
  MSGS_STATE_INFO,
  MSGS_STATE_REQ,
  PING,
  PING_DELAY_DISCONNECT,
  PONG,
  VECTOR,
} from './ids.ts'
import { ANSWERED, isKept, type Received, RUNNING, SERVICE } from './sent.ts'
import type { Session } from './session.ts'

export interface Service {
  session: Session
  link: Connection
  msgId: bigint
  view: DataView
  text: Buffer
  /** Where the fields are. */
  at: number
  end: number
}

/** Gives whether an answer acknowledges the message; otherwise it is acknowledged if it must be. */
type Handler = (m: Service) => boolean

const IDS = 8192
const FUTURE = 64
const MAX_DELAY = 3600

// Vector<long> at `at`; undefined when it is not one.
function ids({ view, end }: Service, at: number): bigint[] | undefined {
  if (end - at < 8 || view.getInt32(at, true) !== VECTOR) return undefined
  const count = view.getInt32(at + 4, true)
  if (count < 0 || count > IDS || count * 8 > end - at - 8) return undefined
  const out: bigint[] = []
  for (let i = 0; i < count; i++) out.push(view.getBigInt64(at + 8 + i * 8, true))
  return out
}

function pong({ session, msgId, view, at }: Service): void {
  const pingId = view.getBigInt64(at, true)
  session.notice((w) => {
    w.int(PONG)
    w.long(msgId)
    w.long(pingId)
  })
}

// What is known of a message of the client: one byte of msgs_state_info.
// https://core.telegram.org/mtproto/service_messages_about_messages#informational-message-regarding-status-of-messages
function stateOf(session: Session, msgId: bigint): number {
  const received: Received | undefined = session.inbox.get(msgId)
  if (received === undefined) return msgId <= session.inbox.floor ? 1 : msgId > session.inbox.lastId ? 3 : 2
  if (received.state === SERVICE) return received.content ? 4 + 8 : 4 + 16
  if (received.state === RUNNING) return 4 + (received.acked ? 8 : 0) + 32
  const { answer } = received
  if (received.state !== ANSWERED) return 4 + 8 + 32
  if (answer === undefined || answer.acked) return 4 + 8 + 32 + 64 + 128
  // An answer that nobody can send again any more: the client has to ask anew.
  return isKept(answer) ? 4 + 8 + 32 + 64 : 1
}

function sendStates(m: Service, states: number[]): void {
  const info = Buffer.from(states)
  m.session.notice((w) => {
    w.int(MSGS_STATE_INFO)
    w.long(m.msgId)
    w.bytes(info)
  })
}

const ignore: Handler = () => false

const HANDLERS = new Map<number, Handler>([
  [
    MSGS_ACK,
    ({ session, view, at, end }) => {
      if (end - at < 8 || view.getInt32(at, true) !== VECTOR) return false
      const count = Math.min(view.getInt32(at + 4, true), (end - at - 8) >> 3)
      for (let i = 0; i < count; i++) session.acknowledged(view.getBigInt64(at + 8 + i * 8, true))
      session.checkDrain()
      return false
    },
  ],
  [
    PING,
    (m) => {
      if (m.end - m.at < 8) return false
      pong(m)
      return true
    },
  ],
  [
    PING_DELAY_DISCONNECT,
    (m) => {
      if (m.end - m.at < 12) return false
      const seconds = Math.min(Math.max(m.view.getInt32(m.at + 8, true), 1), MAX_DELAY)
      m.link.idleMs = seconds * 1000
      m.link.deadline = m.session.server.time + m.link.idleMs
      pong(m)
      return true
    },
  ],
  [
    GET_FUTURE_SALTS,
    ({ session, msgId, view, at, end }) => {
      if (end - at < 4) return false
      const count = Math.min(Math.max(view.getInt32(at, true), 1), FUTURE)
      const now = session.server.seconds()
      const salts = session.key.futureSalts(count, now)
      session.notice((w) => {
        w.int(FUTURE_SALTS)
        w.long(msgId)
        w.int(now)
        w.int(salts.length)
        for (const { since, until, salt } of salts) {
          w.int(since)
          w.int(until)
          w.long(salt)
        }
      })
      return true
    },
  ],
  [
    MSGS_STATE_REQ,
    (m) => {
      const list = ids(m, m.at)
      if (list === undefined) return false
      sendStates(
        m,
        list.map((id) => stateOf(m.session, id)),
      )
      return true
    },
  ],
  [
    MSG_RESEND_REQ,
    (m) => {
      const list = ids(m, m.at)
      if (list === undefined) return false
      const found = list.map((id) => {
        const sent = m.session.unacked.get(id)
        return sent !== undefined && m.session.resend(sent)
      })
      if (found.every(Boolean)) return false
      sendStates(
        m,
        found.map((known) => (known ? 4 : 1)),
      )
      return true
    },
  ],
  [
    MSG_RESEND_ANS_REQ,
    (m) => {
      const list = ids(m, m.at)
      if (list === undefined) return false
      const found = list.map((id) => {
        const received = m.session.inbox.get(id)
        if (received?.state === RUNNING) return true
        return received?.answer !== undefined && m.session.resend(received.answer)
      })
      if (found.every(Boolean)) return false
      sendStates(
        m,
        list.map((id) => stateOf(m.session, id)),
      )
      return true
    },
  ],
  [
    HTTP_WAIT,
    ({ link, session, view, at, end }) => {
      if (end - at >= 12) wait(link, view.getInt32(at, true), view.getInt32(at + 4, true), view.getInt32(at + 8, true))
      session.ready()
      return false
    },
  ],
  [
    DESTROY_SESSION,
    ({ session, view, at, end }) => {
      if (end - at < 8) return false
      const id = view.getBigInt64(at, true)
      // A session does not end itself: it would have nowhere to answer.
      const other = id === session.id ? undefined : session.key.session(id)
      other?.close('destroy_session')
      session.notice((w) => {
        w.int(other === undefined ? DESTROY_SESSION_NONE : DESTROY_SESSION_OK)
        w.long(id)
      })
      return true
    },
  ],
  [
    DESTROY_AUTH_KEY,
    ({ session }) => {
      const { server } = session
      server.keys.destroy(session.key).then(
        (existed) => {
          session.notice((w) => w.int(existed ? DESTROY_AUTH_KEY_OK : DESTROY_AUTH_KEY_NONE))
          server.keys.dropSoon(session.key)
        },
        (error: unknown) => {
          server.host.log.error({ err: error }, 'a key could not be destroyed')
          session.notice((w) => w.int(DESTROY_AUTH_KEY_FAIL))
        },
      )
      return true
    },
  ],
  // What a client tells about our messages needs no answer: what it misses it asks for.
  [MSGS_STATE_INFO, ignore],
  [MSGS_ALL_INFO, ignore],
  [MSG_DETAILED_INFO, ignore],
  [MSG_NEW_DETAILED_INFO, ignore],
  [BAD_MSG_NOTIFICATION, ignore],
  [BAD_SERVER_SALT, ignore],
])

/** What handles a service message; undefined for everything else, which is requests. */
export function service(id: number): Handler | undefined {
  return HANDLERS.get(id)
}
