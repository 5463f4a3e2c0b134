import { access } from '../../domain/access.ts'
import { limitFor } from '../../domain/premium-limits.ts'
import { asUpdates } from '../../domain/sent.ts'
import { lockUser } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { peersOf } from './chatlists.ts'
import { dropFilter, ownFilter } from './filters.ts'
import { goOutOf } from './join-chatlist.ts'

/** https://core.telegram.org/method/chatlists.leaveChatlist */
export default method(
  'chatlists.leaveChatlist',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await lockUser(tx, tx.userId)
      const filter = await ownFilter(tx, req.chatlist.filterId)
      if (filter._ !== 'dialogFilterChatlist') throw new RpcError('FILTER_ID_INVALID')
      if (req.peers.length > (await limitFor(tx, 'folderPeers', req.peers.length))) throw new RpcError('LIMIT_INVALID')
      const inside = new Set(peersOf(tx, filter))
      const leave = new Set<number>()
      for (const input of req.peers) {
        const { peer, kind } = await access.peer(tx, input)
        if (kind === 'user' || !inside.has(peer)) throw new RpcError('PEER_ID_INVALID')
        leave.add(peer)
      }
      const updates: tl.Update[] = []
      for (const peer of [...leave].sort((a, b) => a - b)) updates.push(...(await goOutOf(tx, peer)))
      updates.push(await dropFilter(tx, filter.id))
      return asUpdates(tx, updates)
    }),
  { flood: 'write' },
)
