import { access } from '../../domain/access.ts'
import { clearVerdict } from '../../domain/antispam.ts'
import { mustBeGroup } from '../../domain/channel-named.ts'
import { isAdmin } from '../../domain/channel-rights.ts'
import { fileReport } from '../../domain/reports.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** What was deleted stays deleted: whoever wrote it is not looked at any more, and the operator can read of it. */
export default method(
  'channels.reportAntiSpamFalsePositive',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await access.channel(tx, req.channel)
      mustBeGroup(channel, 'CHANNEL_INVALID')
      if (!isAdmin(channel.member)) throw new RpcError('CHAT_ADMIN_REQUIRED')
      const author = await clearVerdict(tx, channel.id, req.msgId)
      if (author === undefined) throw new RpcError('MESSAGE_ID_INVALID')
      await fileReport(tx, { kind: 'antispam', peer: author, reason: String(channel.peer), id: req.msgId })
      return true
    }),
  { flood: 'write' },
)
