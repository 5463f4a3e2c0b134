import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { managed, named } from './links.ts'
import { settleRequests, waitingAt } from './requests.ts'

/** Requests settled in one call. */
const PORTION = 100

export default method(
  'messages.hideAllChatJoinRequests',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const place = await managed(tx, req.peer)
      const link = req.link ? await named(tx, place, req.link) : undefined
      const waiting = await waitingAt(tx, place)
        .$if(link !== undefined, (q) => q.where('hash', '=', link!.hash))
        .limit(PORTION)
        .execute()
      if (waiting.length === 0) throw new RpcError('HIDE_REQUESTER_MISSING')
      return settleRequests(tx, place, waiting, req.approved === true)
    }),
  { flood: 'write' },
)
