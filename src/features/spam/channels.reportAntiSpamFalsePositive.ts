import { access } from '../../domain/access.ts'
import { clearVerdict } from '../../domain/antispam.ts'
import { sayAgain } from '../../domain/antispam-undo.ts'
import { mustBeGroup } from '../../domain/channel-named.ts'
import { isAdmin } from '../../domain/channel-rights.ts'
import { fileReport } from '../../domain/reports.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/**
 * Whoever wrote it is not looked at any more, and the operator can read of it.
 * DEVIATES: there are no moderators here whom one would wait for. An administrator's word is enough, and what was deleted
 * within the time that recent actions tell of is said again.
 */
export default method(
  'channels.reportAntiSpamFalsePositive',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await access.channel(tx, req.channel)
      mustBeGroup(channel, 'CHANNEL_INVALID')
      if (!isAdmin(channel.member)) throw new RpcError('CHAT_ADMIN_REQUIRED')
      const cleared = await clearVerdict(tx, channel.id, req.msgId)
      if (!cleared) throw new RpcError('MESSAGE_ID_INVALID')
      const { author, kept } = cleared
      if (kept) await sayAgain(tx, channel, author, kept)
      await fileReport(tx, { kind: 'antispam', peer: author, reason: String(channel.peer), id: req.msgId })
      return true
    }),
  { flood: 'write' },
)
