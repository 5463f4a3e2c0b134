// https://core.telegram.org/mtproto/service_messages#cancellation-of-an-rpc-query
import type { Outgoing } from './host.ts'
import { RPC_ANSWER_DROPPED, RPC_ANSWER_DROPPED_RUNNING, RPC_ANSWER_UNKNOWN } from './ids.ts'
import { ANSWERED, DROPPED, isKept, RUNNING } from './sent.ts'
import type { Session } from './session.ts'

/** The client does not want the answer to that request any more. Gives what rpc_drop_answer is answered. */
export function dropAnswer({ inbox, unacked }: Session, msgId: bigint): Outgoing {
  const received = inbox.get(msgId)
  const answer = received?.answer
  if (received?.state === RUNNING || (answer !== undefined && answer.msgId === 0n)) {
    received!.state = DROPPED
    if (answer !== undefined) answer.write = undefined
    return (w) => w.int(RPC_ANSWER_DROPPED_RUNNING)
  }
  if (received?.state !== ANSWERED || answer === undefined || answer.acked || !isKept(answer)) {
    return (w) => w.int(RPC_ANSWER_UNKNOWN)
  }
  received.state = DROPPED
  unacked.settle(answer)
  return (w) => {
    w.int(RPC_ANSWER_DROPPED)
    w.long(answer.msgId)
    w.int(answer.seqNo)
    w.int(answer.bytes)
  }
}
