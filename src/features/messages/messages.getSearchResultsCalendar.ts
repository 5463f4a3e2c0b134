import { sql } from 'kysely'
import { access } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { complete } from '../../domain/complete.ts'
import { messageRows } from '../../domain/message-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { boxOfSearch, countFound, kindsOf, searchIn, searching } from './search-messages.ts'

/** Days in one answer. */
const DAYS = 100
const day = sql<number>`date - date % 86400`

export default method(
  'messages.getSearchResultsCalendar',
  async (ctx, req) => {
    const { filter, offsetId, offsetDate } = req
    if (kindsOf(filter) === undefined && filter._ !== 'inputMessagesFilterPinned')
      throw new RpcError('FILTER_NOT_SUPPORTED')
    const at = searchIn(await access.peer(ctx, req.peer))
    const search = { ...at, filter, savedPeer: req.savedPeerId && (await access.peer(ctx, req.savedPeerId)).peer }
    const found = await searching(ctx, search)
      .$if(offsetId > 0, (q) => q.where('id', '<', offsetId))
      .$if(offsetId <= 0 && offsetDate > 0, (q) => q.where('date', '<', offsetDate))
      .select((eb) => [
        day.as('day'),
        eb.fn.min<number>('id').as('first'),
        eb.fn.max<number>('id').as('last'),
        eb.fn.countAll<number>().as('count'),
      ])
      .groupBy(day)
      .orderBy('day', 'desc')
      .limit(DAYS)
      .execute()
    const oldest = await searching(ctx, search).select(['id', 'date']).orderBy('id').limit(1).executeTakeFirst()
    const rows = await messageRows(
      ctx,
      boxOfSearch(ctx, search),
      found.map((f) => f.last),
    )
    return complete<tl.messages_searchResultsCalendar>(ctx, {
      _: 'messages.searchResultsCalendar',
      count: await countFound(ctx, search),
      minDate: oldest?.date ?? 0,
      minMsgId: oldest?.id ?? 0,
      offsetIdOffset: offsetId > 0 ? await countFound(ctx, search, offsetId) : undefined,
      periods: found.map((f) => ({
        _: 'searchResultsCalendarPeriod',
        date: f.day,
        minMsgId: f.first,
        maxMsgId: f.last,
        count: f.count,
      })),
      messages: await viewMessages(ctx, rows),
      chats: [],
      users: [],
    })
  },
  { flood: 'search' },
)
