import { toPeer } from '../../domain/peers.ts'
import { method } from '../../rpc/method.ts'
import { idsIn, isThere, joinedRow, ownChatlist, peersOf } from './chatlists.ts'

/** What one came into with a folder, and is in only because of it. https://core.telegram.org/method/chatlists.getLeaveChatlistSuggestions */
export default method(
  'chatlists.getLeaveChatlistSuggestions',
  async (ctx, req) => {
    const filter = await ownChatlist(ctx, req.chatlist)
    const came = new Set(idsIn((await joinedRow(ctx, filter.id))?.joined ?? '[]'))
    const suggested = []
    for (const peer of peersOf(ctx, filter)) {
      if (came.has(peer) && (await isThere(ctx, peer))) suggested.push(toPeer(peer))
    }
    return suggested
  },
  { flood: 'read' },
)
