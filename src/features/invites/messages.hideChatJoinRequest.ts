import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { managed } from './links.ts'
import { settleRequests, waitingAt } from './requests.ts'

export default method(
  'messages.hideChatJoinRequest',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const place = await managed(tx, req.peer)
      const user = await access.user(tx, req.userId)
      if (req.approved && user.row.deleted === 1) throw new RpcError('INPUT_USER_DEACTIVATED')
      const waiting = await waitingAt(tx, place).where('user_id', '=', user.id).execute()
      if (waiting.length === 0) throw new RpcError('HIDE_REQUESTER_MISSING')
      return settleRequests(tx, place, waiting, req.approved === true)
    }),
  { flood: 'write' },
)
