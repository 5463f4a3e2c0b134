import { hashOf, viewInvite } from '../../domain/channel-invites.ts'
import { complete } from '../../domain/complete.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { linkOwner, managed } from './links.ts'

export default method(
  'messages.getExportedChatInvites',
  async (ctx, req) => {
    const place = await managed(ctx, req.peer)
    const admin = await linkOwner(ctx, place, req.adminId)
    const all = ctx.db
      .selectFrom('chat_invite')
      .where('peer', '=', place.peer)
      .where('admin', '=', admin.id)
      .where('revoked', '=', req.revoked ? 1 : 0)
    const { count } = await all.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    const { offsetDate = 0, offsetLink = '' } = req
    const rows = await all
      .selectAll()
      .$if(offsetDate > 0, (q) =>
        q.where((eb) =>
          eb.or([
            eb('date', '<', offsetDate),
            eb.and([eb('date', '=', offsetDate), eb('hash', '>', hashOf(offsetLink))]),
          ]),
        ),
      )
      .orderBy('date', 'desc')
      .orderBy('hash')
      .limit(pageLimit(req.limit))
      .execute()
    const invites: tl.ExportedChatInvite[] = []
    for (const row of rows) invites.push(await viewInvite(ctx, row))
    return complete(ctx, { _: 'messages.exportedChatInvites' as const, count, invites, users: [] })
  },
  { flood: 'read' },
)
