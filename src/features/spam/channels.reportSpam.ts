import { access } from '../../domain/access.ts'
import { isAdmin } from '../../domain/channel-rights.ts'
import { fileReport, reportedMessages } from '../../domain/reports.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** An administrator of a supergroup reports what one participant has written there. */
export default method(
  'channels.reportSpam',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await access.channel(tx, req.channel)
      if (channel.row.megagroup === 0) throw new RpcError('CHANNEL_INVALID')
      if (!isAdmin(channel.member)) throw new RpcError('CHAT_ADMIN_REQUIRED')
      const participant = await access.peer(tx, req.participant)
      const messages = await reportedMessages(tx, channel, req.id)
      if (messages.some((m) => m.row.from_id !== participant.peer)) throw new RpcError('MSG_ID_INVALID')
      await fileReport(tx, { kind: 'member', peer: participant.peer, messages, reason: String(channel.peer) })
      return true
    }),
  { flood: 'write' },
)
