import { access } from '../../domain/access.ts'
import { deleteEphemeral, ephemeralMessage } from '../../domain/ephemeral.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { group } from './places.ts'

/** Either side takes one away, from both. */
export default method(
  'ephemeral.deleteMessage',
  async (ctx, req) => {
    const peer = await group(ctx, req.peer)
    const receiver = await access.user(ctx, req.receiverId)
    return ctx.transact(async (tx) => {
      const row = await ephemeralMessage(tx, peer.peer, req.id)
      // Clients name the other side, or who received it.
      if (row.receiver !== receiver.id && row.from_id !== receiver.id) throw new RpcError('MESSAGE_ID_INVALID')
      await deleteEphemeral(tx, row)
      return true
    })
  },
  { flood: 'write' },
)
