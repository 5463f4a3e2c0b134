import { toPeer } from '../../domain/peers.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { completeInvited, idsIn, joinedRow, missingIn, ownChatlist } from './chatlists.ts'

/** https://core.telegram.org/method/chatlists.getChatlistUpdates */
export default method(
  'chatlists.getChatlistUpdates',
  async (ctx, req) => {
    const filter = await ownChatlist(ctx, req.chatlist)
    const joined = await joinedRow(ctx, filter.id)
    if (!joined) throw new RpcError('INPUT_CHATLIST_INVALID')
    const hidden = new Set(idsIn(joined.hidden))
    const missing = (await missingIn(ctx, filter, joined)).filter((peer) => !hidden.has(peer))
    const missingPeers = missing.map(toPeer)
    return completeInvited(
      ctx,
      { _: 'chatlists.chatlistUpdates' as const, missingPeers, chats: [], users: [] },
      missing,
    )
  },
  { flood: 'read' },
)
