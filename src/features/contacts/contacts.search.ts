import { complete } from '../../domain/complete.ts'
import { toPeer } from '../../domain/peers.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { searchPeers } from './search.ts'

/** Longest query that is looked at, most results of each list, and how many come when none are asked for. */
const QUERY = 256
const MOST = 100
const USUAL = 20

export default method(
  'contacts.search',
  async (ctx, req) => {
    const q = req.q.trim().slice(0, QUERY)
    if (q === '') throw new RpcError('SEARCH_QUERY_EMPTY')
    if (q === '@') throw new RpcError('QUERY_TOO_SHORT')
    const { mine, global } = await searchPeers(ctx, {
      q,
      limit: req.limit > 0 ? Math.min(req.limit, MOST) : USUAL,
      bots: req.bots ?? false,
      broadcasts: req.broadcasts ?? false,
    })
    const answer = { myResults: mine.map(toPeer), results: global.map(toPeer), chats: [], users: [] }
    return complete(ctx, { _: 'contacts.found', ...answer })
  },
  { flood: 'search' },
)
