import type { Tx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { access, type PeerRef } from './access.ts'
import type { MessageRow } from './message-rows.ts'
import { type Sent, sendMessage } from './send.ts'
import { authorIn } from './send-as.ts'

/** Says in a chat, in the caller's name there, what they did to something in a message of it: to a poll, to a list. */
export async function announce(tx: Tx, peer: PeerRef, to: MessageRow, action: tl.MessageAction): Promise<Sent> {
  const header: tl.messageReplyHeader = { _: 'messageReplyHeader', replyToMsgId: to.id }
  const sendAs = await authorIn(tx, peer, undefined)
  return sendMessage(tx, access.me(tx), peer, { action, reply: { header, to }, sendAs })
}
