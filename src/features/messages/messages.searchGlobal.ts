import { community } from '../../domain/communities.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { placeOf, searchEverywhere } from './search-global.ts'
import { mustNarrow, type Search } from './search-messages.ts'

export default method(
  'messages.searchGlobal',
  async (ctx, req) => {
    const within = req.community && (await community(ctx, req.community)).id
    const { folderId: folder, broadcastsOnly, groupsOnly, usersOnly } = req
    if (folder !== undefined && folder !== 0 && folder !== 1) throw new RpcError('FOLDER_ID_INVALID')
    const only = [broadcastsOnly, groupsOnly, usersOnly].filter(Boolean).length
    if (only > 1) throw new RpcError('INPUT_FILTER_INVALID')
    const search: Search = { text: req.q.trim(), filter: req.filter, minDate: req.minDate, maxDate: req.maxDate }
    mustNarrow(search)
    const scope = {
      people: only === 0 || usersOnly === true,
      groups: only === 0 || groupsOnly === true,
      channels: only === 0 || broadcastsOnly === true,
      folder,
      community: within,
    }
    const { rows, count, inexact } = await searchEverywhere(ctx, scope, search, await placeOf(ctx, req), req.limit)
    // A page that is not full is the last one.
    const nextRate = rows.length === pageLimit(req.limit) ? rows.at(-1)!.date : undefined
    return answerMessages(ctx, rows, { count, nextRate: rows.length < count ? nextRate : undefined, inexact })
  },
  { flood: 'search' },
)
