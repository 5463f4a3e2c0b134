import { answerMessages } from '../../domain/message-list.ts'
import { pageLimit, readPage } from '../../domain/pagination.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { countFound, prepareSearch, type Search, searchSource } from './search-messages.ts'

export default method(
  'messages.searchGlobal',
  async (ctx, req) => {
    // @TODO communities and channels: end with the channels' own folder.
    if (req.community) throw new RpcError('NOT_IMPLEMENTED')
    if (req.folderId !== undefined && req.folderId !== 0 && req.folderId !== 1) throw new RpcError('FOLDER_ID_INVALID')
    const search: Search = {
      text: req.q.trim(),
      filter: req.filter,
      minDate: req.minDate,
      maxDate: req.maxDate,
      kind: req.groupsOnly ? 'groups' : req.usersOnly ? 'users' : undefined,
      folder: req.folderId,
    }
    const complete = await prepareSearch(ctx, search)
    if (req.broadcastsOnly) return answerMessages(ctx, [], { count: 0 })
    // The caller's ids count through all private chats and basic groups, so the id alone says where to go on.
    const page = { offsetId: req.offsetId, addOffset: 0, limit: req.limit }
    const rows = await readPage(page, searchSource(ctx, search, page))
    const count = await countFound(ctx, search)
    const nextRate = rows.length === pageLimit(req.limit) ? rows.at(-1)!.date : undefined
    return answerMessages(ctx, rows, {
      count,
      nextRate: rows.length < count ? nextRate : undefined,
      inexact: !complete,
    })
  },
  { flood: 'search' },
)
