import type { UserRef } from '../../domain/access.ts'
import { type EphemeralPlace, ephemeralMessage, type GroupRef } from '../../domain/ephemeral.ts'
import { resolveReply } from '../../domain/reply.ts'
import { copyId } from '../../domain/send.ts'
import { GENERAL } from '../../domain/topics.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/**
 * What is answered: one of the messages between these two, in whose topic it stays, or an ordinary message of the group.
 * REPLY_MESSAGE_ID_INVALID for any other, TOPIC_DELETED, TOPIC_CLOSED.
 */
export async function answered(
  ctx: Ctx,
  peer: GroupRef,
  receiver: UserRef,
  replyTo: tl.InputReplyTo | undefined,
): Promise<EphemeralPlace> {
  if (replyTo?._ === 'inputReplyToEphemeralMessage') {
    const row = await ephemeralMessage(ctx, peer.peer, replyTo.id).catch(() => undefined)
    if (row?.from_id !== receiver.id || row.receiver !== ctx.userId) throw new RpcError('REPLY_MESSAGE_ID_INVALID')
    return { replyTo: row.id, topic: row.topic ?? undefined }
  }
  const reply = await resolveReply(ctx, peer, replyTo)
  if (reply?.header._ !== 'messageReplyHeader') return {}
  // What is said of another chat stays out: the two may not both have it.
  if (reply.to && reply.to.peer !== peer.peer) throw new RpcError('REPLY_MESSAGE_ID_INVALID')
  const { header, to, thread } = reply
  const own = to?.id ?? header.replyToMsgId
  const theirs = to && peer.kind === 'chat' ? await copyId(ctx, receiver.id, to.origin) : own
  return { reply: { header, receiver: theirs }, topic: thread === GENERAL ? undefined : thread }
}
