import { removeWelcomes, welcomeMessages } from '../../domain/ephemeral.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { welcoming } from './places.ts'

export default method(
  'ephemeral.deleteWelcomeMessage',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await welcoming(tx, req.peer)
      if (!(await welcomeMessages(tx, peer.peer)).some((row) => row.id === req.id)) {
        throw new RpcError('MESSAGE_ID_INVALID')
      }
      await removeWelcomes(tx, peer.peer, [req.id])
      return true
    }),
  { flood: 'write' },
)
