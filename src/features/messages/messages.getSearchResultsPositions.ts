import { sql } from 'kysely'
import { access } from '../../domain/access.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { countFound, kindsOf, searchIn, searching } from './search-messages.ts'

export default method(
  'messages.getSearchResultsPositions',
  async (ctx, req) => {
    const { filter, offsetId } = req
    // The page names no error for this; the calendar's does.
    if (kindsOf(filter) === undefined && filter._ !== 'inputMessagesFilterPinned')
      throw new RpcError('FILTER_NOT_SUPPORTED')
    const at = searchIn(await access.peer(ctx, req.peer))
    const search = { ...at, filter, savedPeer: req.savedPeerId && (await access.peer(ctx, req.savedPeerId)).peer }
    const count = await countFound(ctx, search)
    const skip = offsetId > 0 ? await countFound(ctx, search, offsetId) : 0
    // Evenly spread over what lies after the offset.
    const limit = pageLimit(req.limit)
    const step = Math.max(1, Math.ceil((count - skip) / limit))
    const placed = searching(ctx, search)
      .$if(offsetId > 0, (q) => q.where('id', '<', offsetId))
      .select(['id', 'date', sql<number>`row_number() over (order by id desc) - 1`.as('place')])
    const found = await ctx.db
      .selectFrom(placed.as('p'))
      .select(['p.id', 'p.date', 'p.place'])
      .where(sql<boolean>`p.place % ${sql.lit(step)} = 0`)
      .orderBy('p.place')
      .limit(limit)
      .execute()
    return {
      _: 'messages.searchResultsPositions',
      count,
      positions: found.map((f) => ({ _: 'searchResultPosition', msgId: f.id, date: f.date, offset: skip + f.place })),
    }
  },
  { flood: 'search' },
)
