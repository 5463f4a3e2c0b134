import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { COUNTED, countFound, searchIn } from './search-messages.ts'

/** There are fewer filters than this. */
const MOST = 50

export default method(
  'messages.getSearchCounters',
  async (ctx, req) => {
    if (req.filters.length > MOST) throw new RpcError('LIMIT_INVALID')
    const at = searchIn(await access.peer(ctx, req.peer), req.topMsgId)
    const savedPeer = req.savedPeerId && (await access.peer(ctx, req.savedPeerId)).peer
    const counters: tl.messages_SearchCounter[] = []
    for (const filter of req.filters) {
      const count = await countFound(ctx, { ...at, savedPeer, filter })
      counters.push({ _: 'messages.searchCounter', inexact: count >= COUNTED || undefined, filter, count })
    }
    return counters
  },
  { flood: 'read' },
)
