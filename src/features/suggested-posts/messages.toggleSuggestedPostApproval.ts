import { access, type ChannelRef } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { lockChannel } from '../../domain/channel-members.ts'
import { parentOf, saidIn } from '../../domain/direct-messages.ts'
import { editUpdate } from '../../domain/message-facts.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { channelPeer } from '../../domain/peers.ts'
import { sendMessage } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { checkTime, noteSuggestion, suggestionsOf } from '../../domain/suggested-posts.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { publishPost } from './post.ts'

/** Longest comment to a rejection; what is longer is cut. */
const COMMENT = 128

export default method(
  'messages.toggleSuggestedPostApproval',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      if (peer.kind !== 'channel' || peer.row.monoforum === 0) throw new RpcError('PEER_ID_INVALID')
      // Whoever decides at once with somebody else comes after them.
      await lockChannel(tx, peer.id)
      const { row, post } = await undecided(tx, peer, req.msgId)
      const approval: tl.messageActionSuggestedPostApproval = { _: 'messageActionSuggestedPostApproval' }
      if (req.reject) {
        approval.rejected = true
        approval.rejectComment = req.rejectComment?.trim().slice(0, COMMENT).toWellFormed() || undefined
        await noteSuggestion(tx, peer.id, row.id, { ...post, rejected: true })
      } else {
        // @TODO posts that are paid for: end with the stars.
        if (post.price) throw new RpcError('NOT_IMPLEMENTED')
        const date = checkTime(tx, req.scheduleDate) ?? post.scheduleDate ?? 0
        approval.scheduleDate = Math.max(date, tx.now)
        await publishPost(tx, await parentOf(tx, peer), row, date)
        await noteSuggestion(tx, peer.id, row.id, { ...post, accepted: true, scheduleDate: approval.scheduleDate })
      }
      const edited = await tx.publish(peer.peer, { kind: 'editMessage', ref: row.id })
      const said = await sendMessage(tx, access.me(tx), peer, {
        action: approval,
        ...saidIn(peer, row.saved_peer!),
        reply: { header: { _: 'messageReplyHeader', replyToMsgId: row.id }, to: row },
      })
      const [view] = await viewMessages(tx, [row])
      return sentUpdates(tx, [said], [editUpdate(peer.peer, view!, edited)])
    }),
  { flood: 'write' },
)

/**
 * A suggestion that the caller has to decide on: what was suggested to the channel by who posts there, what the channel
 * suggested by the other side. MESSAGE_ID_INVALID, CHAT_ADMIN_REQUIRED.
 */
async function undecided(
  ctx: Ctx,
  monoforum: ChannelRef,
  id: number,
): Promise<{ row: MessageRow; post: tl.suggestedPost }> {
  const { row } = await access.message(ctx, monoforum, id)
  const post = (await suggestionsOf(ctx, [row])).get(row)
  if (!post || post.accepted || post.rejected) throw new RpcError('MESSAGE_ID_INVALID')
  const byChannel = row.from_id === channelPeer(monoforum.row.monoforum_link!)
  const forChannel = monoforum.topic === undefined
  if (byChannel === forChannel) throw new RpcError(forChannel ? 'MESSAGE_ID_INVALID' : 'CHAT_ADMIN_REQUIRED')
  return { row, post }
}
