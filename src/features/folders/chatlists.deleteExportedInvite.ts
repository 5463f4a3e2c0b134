import { method } from '../../rpc/method.ts'
import { lockBoxes } from '../../updates/log.ts'
import { ownChatlist, ownInvite } from './chatlists.ts'
import { keepFilter } from './filters.ts'

/** https://core.telegram.org/method/chatlists.deleteExportedInvite */
export default method(
  'chatlists.deleteExportedInvite',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await lockBoxes(tx, [tx.userId])
      const filter = await ownChatlist(tx, req.chatlist)
      const { owner, slug } = await ownInvite(tx, filter.id, req.slug, 'INVITE_SLUG_INVALID')
      await tx.trx.deleteFrom('chatlist_invite').where('owner', '=', owner).where('slug', '=', slug).execute()
      const left = await tx.trx
        .selectFrom('chatlist_invite')
        .select('slug')
        .where('owner', '=', owner)
        .where('filter_id', '=', filter.id)
        .limit(1)
        .executeTakeFirst()
      if (!left) await keepFilter(tx, { ...filter, hasMyInvites: undefined })
      return true
    }),
  { flood: 'write' },
)
