import { access } from '../../domain/access.ts'
import { isAnonymous } from '../../domain/channel-rights.ts'
import { complete } from '../../domain/complete.ts'
import { toPeer } from '../../domain/peers.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'channels.getSendAs',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    if (peer.kind !== 'channel') throw new RpcError(peer.kind === 'chat' ? 'CHAT_ID_INVALID' : 'PEER_ID_INVALID')
    // @TODO one's own channels as authors end with the rest of send-as; anonymous administrators are the group.
    const author = toPeer(isAnonymous(peer) ? peer.peer : ctx.userId)
    const peers: tl.SendAsPeer[] = [{ _: 'sendAsPeer', peer: author }]
    return complete<tl.channels_sendAsPeers>(ctx, { _: 'channels.sendAsPeers', peers, chats: [], users: [] })
  },
  { flood: 'read' },
)
