import { access } from '../../domain/access.ts'
import { method } from '../../rpc/method.ts'
import { dropNames } from './channel-names.ts'

export default method(
  'channels.deactivateAllUsernames',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await dropNames(tx, await access.channel(tx, req.channel))
      return true
    }),
  { flood: 'write' },
)
