import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.readSavedHistory',
  async (ctx, req) => {
    const parent = await access.peer(ctx, req.parentPeer)
    // @TODO monoforums: end with channels' direct messages. Nothing else has saved dialogs that are read.
    throw new RpcError(parent.kind === 'channel' ? 'NOT_IMPLEMENTED' : 'PARENT_PEER_INVALID')
  },
  { flood: 'write' },
)
