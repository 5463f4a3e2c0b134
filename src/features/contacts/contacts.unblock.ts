import { access } from '../../domain/access.ts'
import { method } from '../../rpc/method.ts'
import { setBlocked } from './actions.ts'

export default method(
  'contacts.unblock',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.id)
      return setBlocked(tx, peer, false, req.myStoriesFrom ?? false)
    }),
  { flood: 'write' },
)
