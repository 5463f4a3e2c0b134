import { usernameRow, validUsername } from '../../domain/usernames.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.checkUsername',
  async (ctx, req) => {
    if (!validUsername(req.username)) throw new RpcError('USERNAME_INVALID')
    const taken = await usernameRow(ctx, req.username)
    if (taken && taken.owner !== ctx.userId) throw new RpcError('USERNAME_OCCUPIED')
    return true
  },
  { flood: 'search' },
)
