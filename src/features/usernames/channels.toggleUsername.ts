import { access } from '../../domain/access.ts'
import { method } from '../../rpc/method.ts'
import { toggleName } from './channel-names.ts'

export default method(
  'channels.toggleUsername',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await toggleName(tx, await access.channel(tx, req.channel), req.username, req.active)
      return true
    }),
  { flood: 'write' },
)
