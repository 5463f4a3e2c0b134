import { fileReport } from '../../domain/reports.ts'
import { namedSecretChat } from '../../domain/secret-chats.ts'
import { method } from '../../rpc/method.ts'

/** Also of a chat that is over, or that nobody has accepted: whoever sends spam may end it at once. */
export default method(
  'messages.reportEncryptedSpam',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const row = await namedSecretChat(tx, req.peer)
      const other = row.admin_id === tx.userId ? row.participant_id : row.admin_id
      await fileReport(tx, { kind: 'secret', peer: other, id: row.id })
      return true
    }),
  { flood: 'write' },
)
