import { ownUser } from '../../domain/access.ts'
import { tellName } from '../../domain/acquaintances.ts'
import { validUsername } from '../../domain/usernames.ts'
import { viewUser } from '../../domain/users.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { renameOwn } from './actions.ts'

export default method(
  'account.updateUsername',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { username } = req
      if (username !== '' && !validUsername(username)) throw new RpcError('USERNAME_INVALID')
      await renameOwn(tx, username)
      await tellName(tx, tx.userId)
      return viewUser(tx, (await ownUser(tx, tx.userId)).row)
    }),
  { flood: 'write' },
)
