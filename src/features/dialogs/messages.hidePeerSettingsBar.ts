import { access } from '../../domain/access.ts'
import { hidePeerBar } from '../../domain/peer-bar.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.hidePeerSettingsBar',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await hidePeerBar(tx, await access.peer(tx, req.peer))
      return true
    }),
  { flood: 'write' },
)
