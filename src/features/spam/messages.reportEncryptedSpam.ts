import { fileReport } from '../../domain/reports.ts'
import { secretChat } from '../../domain/secret-chats.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.reportEncryptedSpam',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { row, other } = await secretChat(tx, req.peer)
      await fileReport(tx, { kind: 'secret', peer: other.user, id: row.id })
      return true
    }),
  { flood: 'write' },
)
