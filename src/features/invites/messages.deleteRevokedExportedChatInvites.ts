import { method } from '../../rpc/method.ts'
import { linkOwner, managed } from './links.ts'

export default method(
  'messages.deleteRevokedExportedChatInvites',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const place = await managed(tx, req.peer)
      const admin = await linkOwner(tx, place, req.adminId)
      await tx.trx
        .deleteFrom('chat_invite')
        .where('peer', '=', place.peer)
        .where('admin', '=', admin.id)
        .where('revoked', '=', 1)
        .execute()
      return true
    }),
  { flood: 'write' },
)
