import { method } from '../../rpc/method.ts'
import { lockBoxes } from '../../updates/log.ts'
import { ownChatlist, ownInvite, shareable, TITLE, viewInvite } from './chatlists.ts'

/** https://core.telegram.org/method/chatlists.editExportedInvite */
export default method(
  'chatlists.editExportedInvite',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await lockBoxes(tx, [tx.userId])
      const filter = await ownChatlist(tx, req.chatlist)
      const row = await ownInvite(tx, filter.id, req.slug, 'INVITE_SLUG_EMPTY')
      if (req.title !== undefined) row.title = req.title.trim().slice(0, TITLE)
      if (req.peers) row.peers = JSON.stringify(await shareable(tx, filter, req.peers))
      await tx.trx
        .updateTable('chatlist_invite')
        .set({ title: row.title, peers: row.peers })
        .where('owner', '=', row.owner)
        .where('slug', '=', row.slug)
        .execute()
      return viewInvite(row)
    }),
  { flood: 'write' },
)
