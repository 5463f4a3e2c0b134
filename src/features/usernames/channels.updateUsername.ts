import { access } from '../../domain/access.ts'
import { validUsername } from '../../domain/usernames.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { renameChannel } from './channel-names.ts'

export default method(
  'channels.updateUsername',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { username } = req
      if (username !== '' && !validUsername(username)) throw new RpcError('USERNAME_INVALID')
      await renameChannel(tx, await access.channel(tx, req.channel), username)
      return true
    }),
  { flood: 'write' },
)
