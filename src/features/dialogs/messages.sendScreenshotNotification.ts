import { access, ownUser, type UserRef } from '../../domain/access.ts'
import { type MessageRow, messageRow } from '../../domain/message-rows.ts'
import { hasBlocked, sendMessage } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.sendScreenshotNotification',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const user = await access.userPeer(tx, req.peer)
      if (user.row.deleted) throw new RpcError('INPUT_USER_DEACTIVATED')
      if (await hasBlocked(tx, tx.userId, user.id)) throw new RpcError('YOU_BLOCKED_USER')
      const to = await repliedTo(tx, user, req.replyTo)
      const header: tl.MessageReplyHeader = { _: 'messageReplyHeader', replyToMsgId: to?.id }
      const sent = await sendMessage(tx, await ownUser(tx, tx.userId), user, {
        action: { _: 'messageActionScreenshotTaken' },
        randomId: req.randomId,
        reply: to && { header, to },
      })
      return sentUpdates(tx, [sent])
    }),
  { flood: 'send' },
)

/** The message that was on the screen; clients name 0 where it was the whole chat. */
async function repliedTo(tx: Tx, user: UserRef, input: tl.InputReplyTo): Promise<MessageRow | undefined> {
  if (input._ === 'inputReplyToStory') throw new RpcError('STORY_ID_INVALID')
  if (input._ !== 'inputReplyToMessage') throw new RpcError('REPLY_MESSAGE_ID_INVALID')
  if (input.replyToMsgId === 0) return undefined
  const row = await messageRow(tx, tx.userId, input.replyToMsgId)
  if (!row || row.peer !== user.peer) throw new RpcError('REPLY_MESSAGE_ID_INVALID')
  return row
}
