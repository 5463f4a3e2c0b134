import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.saveDefaultSendAs',
  async (ctx, req) => {
    // @TODO supergroups, the only place where one may write as something else: end with the channels' own folder.
    await access.peer(ctx, req.peer)
    throw new RpcError('PEER_ID_INVALID')
  },
  { flood: 'write' },
)
