import { answerMessages } from '../../domain/message-list.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { findPosts, takeSearch } from './post-search.ts'
import { placeOf } from './search-global.ts'

const TAG = /^[\p{L}\p{N}\p{M}_]+$/u

export default method(
  'channels.searchPosts',
  async (ctx, req) => {
    const query = req.query?.trim()
    const { hashtag } = req
    // Either words or a hashtag.
    if ((query ? 1 : 0) + (hashtag ? 1 : 0) !== 1) throw new RpcError('SEARCH_QUERY_EMPTY')
    if (hashtag && !TAG.test(hashtag)) throw new RpcError('SEARCH_QUERY_EMPTY')
    const searchFlood = query ? await ctx.transact((tx) => takeSearch(tx, query)) : undefined
    const limit = pageLimit(req.limit)
    // A space ends the last word: a hashtag is found whole.
    const { rows, count, whole } = await findPosts(ctx, query ?? `#${hashtag} `, await placeOf(ctx, req), limit)
    const nextRate = rows.length === limit && rows.length < count ? rows.at(-1)!.date : undefined
    return answerMessages(ctx, rows, { count, nextRate, inexact: !whole, searchFlood })
  },
  { flood: 'search' },
)
