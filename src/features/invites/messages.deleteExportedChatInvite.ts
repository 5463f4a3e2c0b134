import { viewInvite } from '../../domain/channel-invites.ts'
import { logEvent } from '../../domain/channel-members.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { managed, named } from './links.ts'

export default method(
  'messages.deleteExportedChatInvite',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const place = await managed(tx, req.peer)
      const row = await named(tx, place, req.link)
      if (row.revoked === 0) throw new RpcError('INVITE_REVOKED_MISSING')
      const invite = await viewInvite(tx, row)
      await tx.trx.deleteFrom('chat_invite').where('peer', '=', row.peer).where('hash', '=', row.hash).execute()
      if (place.kind === 'channel') {
        await logEvent(tx, place.id, 'invites', { _: 'channelAdminLogEventActionExportedInviteDelete', invite })
      }
      return true
    }),
  { flood: 'write' },
)
