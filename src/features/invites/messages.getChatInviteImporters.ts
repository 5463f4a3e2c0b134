import { type SqlBool, sql } from 'kysely'
import { complete } from '../../domain/complete.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { permissions } from '../../domain/privacy.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { managed, named } from './links.ts'

export default method(
  'messages.getChatInviteImporters',
  async (ctx, req) => {
    const place = await managed(ctx, req.peer)
    const words =
      req.q
        ?.trim()
        .toLowerCase()
        .replaceAll(/[\\%_]/g, '') ?? ''
    if (words !== '' && req.link) throw new RpcError('SEARCH_WITH_LINK_NOT_SUPPORTED')
    const link = req.link ? await named(ctx, place, req.link) : undefined
    const all = ctx.db
      .selectFrom('chat_invite_user as i')
      .innerJoin('user as u', 'u.id', 'i.user_id')
      .where('i.peer', '=', place.peer)
      .where('i.requested', '=', req.requested ? 1 : 0)
      // @TODO those who paid once and do not any more: end with the stars' folder. Till then nobody has.
      .$if(req.subscriptionExpired === true, (q) => q.where('i.user_id', '=', 0))
      .$if(link !== undefined, (q) => q.where('i.hash', '=', link!.hash))
      .$if(words !== '', (q) =>
        q.where(
          sql<SqlBool>`lower(u.first_name || ' ' || u.last_name) like ${`${words}%`} or lower(u.last_name) like ${`${words}%`}`,
        ),
      )
    const { count } = await all.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    const { offsetDate } = req
    const offsetUser = 'userId' in req.offsetUser ? req.offsetUser.userId : 0
    const rows = await all
      .selectAll('i')
      .select('u.about as bio')
      .$if(offsetDate > 0, (q) =>
        q.where((eb) =>
          eb.or([
            eb('i.date', '<', offsetDate),
            eb.and([eb('i.date', '=', offsetDate), eb('i.user_id', '<', offsetUser)]),
          ]),
        ),
      )
      .orderBy('i.date', 'desc')
      .orderBy('i.user_id', 'desc')
      .limit(pageLimit(req.limit))
      .execute()
    // Whoever decides on a request sees what the one who made it tells of themselves.
    const asking = rows.filter((row) => row.requested === 1 && row.bio !== '')
    const bios = new Map<number, string>()
    const what = await permissions(
      ctx,
      asking.map((row) => row.user_id),
    )
    for (const row of asking) if (await what.allows(row.user_id, 'about')) bios.set(row.user_id, row.bio)
    const importers = rows.map(
      (row): tl.ChatInviteImporter => ({
        _: 'chatInviteImporter',
        requested: row.requested === 1 || undefined,
        viaChatlist: row.via_chatlist === 1 || undefined,
        userId: row.user_id,
        date: row.date,
        about: bios.get(row.user_id),
        approvedBy: row.approved_by ?? undefined,
      }),
    )
    const answer = { count, importers, users: [] }
    return complete<tl.messages_chatInviteImporters>(ctx, { _: 'messages.chatInviteImporters', ...answer })
  },
  { flood: 'read' },
)
