import { viewFilter } from '../../domain/dialog-filters.ts'
import { atRest } from '../../domain/message-view.ts'
import { ownLimit } from '../../domain/premium-limits.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'
import { mayShareOneMore, shareable, TITLE, viewInvite } from './chatlists.ts'
import { keepFilter, ownFilter } from './filters.ts'

/** https://core.telegram.org/method/chatlists.exportChatlistInvite */
export default method(
  'chatlists.exportChatlistInvite',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await lockBoxes(tx, [tx.userId])
      const before = await ownFilter(tx, req.chatlist.filterId)
      const peers = await shareable(tx, before, req.peers)
      let filter: tl.dialogFilterChatlist
      if (before._ === 'dialogFilter') {
        filter = asChatlist(before)
        await mayShareOneMore(tx)
      } else filter = { ...before, hasMyInvites: true }
      const key = { owner: tx.userId, filter_id: filter.id }
      const { count } = await tx.trx
        .selectFrom('chatlist_invite')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('owner', '=', key.owner)
        .where('filter_id', '=', key.filter_id)
        .executeTakeFirstOrThrow()
      if (Number(count) >= (await ownLimit(tx, 'chatlistInvites'))) throw new RpcError('INVITES_TOO_MUCH')
      const slug = tx.app.random(12).toString('base64url')
      const title = req.title.trim().slice(0, TITLE)
      const row = { ...key, slug, title, date: tx.now, peers: JSON.stringify(peers) }
      await tx.trx.insertInto('chatlist_invite').values(row).execute()
      if (before._ === 'dialogFilter' || !before.hasMyInvites) await keepFilter(tx, filter)
      const shown = viewFilter(tx, { tl: atRest(filter) })
      return { _: 'chatlists.exportedChatlistInvite', filter: shown, invite: viewInvite(row) }
    }),
  { flood: 'create' },
)

/** Folders that hold kinds of dialogs, or keep some out, cannot be shared: FILTER_NOT_SUPPORTED. */
function asChatlist(filter: tl.dialogFilter): tl.dialogFilterChatlist {
  const { contacts, nonContacts, groups, broadcasts, bots, excludeMuted, excludeRead, excludeArchived } = filter
  if (contacts || nonContacts || groups || broadcasts || bots || excludeMuted || excludeRead || excludeArchived) {
    throw new RpcError('FILTER_NOT_SUPPORTED')
  }
  if (filter.excludePeers.length > 0) throw new RpcError('FILTER_NOT_SUPPORTED')
  const { id, title, titleNoanimate, emoticon, color, pinnedPeers, includePeers } = filter
  const looks = { id, title, titleNoanimate, emoticon, color }
  return { _: 'dialogFilterChatlist', hasMyInvites: true, ...looks, pinnedPeers, includePeers }
}
