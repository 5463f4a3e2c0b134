import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { joinedRow, missingIn, ownChatlist } from './chatlists.ts'

/** https://core.telegram.org/method/chatlists.hideChatlistUpdates */
export default method(
  'chatlists.hideChatlistUpdates',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const filter = await ownChatlist(tx, req.chatlist)
      const joined = await joinedRow(tx, filter.id)
      if (!joined) throw new RpcError('FILTER_NOT_SUPPORTED')
      await tx.trx
        .updateTable('chatlist_joined')
        .set({ hidden: JSON.stringify(await missingIn(tx, filter, joined)) })
        .where('owner', '=', joined.owner)
        .where('filter_id', '=', joined.filter_id)
        .execute()
      return true
    }),
  { flood: 'write' },
)
