import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.getSendAs',
  async (ctx, req) => {
    // @TODO supergroups, the only place where one may write as something else: end with the channels' own folder.
    const peer = await access.peer(ctx, req.peer)
    throw new RpcError(peer.kind === 'chat' ? 'CHAT_ID_INVALID' : 'PEER_ID_INVALID')
  },
  { flood: 'read' },
)
