import { complete } from '../../domain/complete.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { managed, mustOwn } from './links.ts'

export default method(
  'messages.getAdminsWithInvites',
  async (ctx, req) => {
    const place = await managed(ctx, req.peer)
    mustOwn(place)
    const rows = await ctx.db
      .selectFrom('chat_invite')
      .select((eb) => ['admin', 'revoked', eb.fn.countAll<number>().as('count')])
      .where('peer', '=', place.peer)
      .groupBy(['admin', 'revoked'])
      .orderBy('admin')
      .execute()
    const admins: tl.ChatAdminWithInvites[] = [...Map.groupBy(rows, (row) => row.admin)].map(([adminId, own]) => ({
      _: 'chatAdminWithInvites',
      adminId,
      invitesCount: own.find((row) => row.revoked === 0)?.count ?? 0,
      revokedInvitesCount: own.find((row) => row.revoked === 1)?.count ?? 0,
    }))
    return complete<tl.messages_chatAdminsWithInvites>(ctx, { _: 'messages.chatAdminsWithInvites', admins, users: [] })
  },
  { flood: 'read' },
)
