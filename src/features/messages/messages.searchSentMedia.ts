import { answerMessages } from '../../domain/message-list.ts'
import { readPage } from '../../domain/pagination.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { COUNTED, countFound, kindsOf, prepareSearch, searchSource } from './search-messages.ts'

/** Filters by what a message says or tells, not by what it carries. */
const NOT_MEDIA = new Set(['inputMessagesFilterUrl', 'inputMessagesFilterChatPhotos', 'inputMessagesFilterPhoneCalls'])

export default method(
  'messages.searchSentMedia',
  async (ctx, req) => {
    const { filter } = req
    if (kindsOf(filter) === undefined || NOT_MEDIA.has(filter._)) throw new RpcError('FILTER_NOT_SUPPORTED')
    const search = { text: req.q.trim(), filter, out: true }
    const complete = await prepareSearch(ctx, search)
    const page = { offsetId: 0, addOffset: 0, limit: req.limit }
    const rows = await readPage(page, searchSource(ctx, search, page))
    const count = await countFound(ctx, search)
    return answerMessages(ctx, rows, { count, inexact: !complete || count >= COUNTED })
  },
  { flood: 'search' },
)
