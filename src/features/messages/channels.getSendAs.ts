import { access } from '../../domain/access.ts'
import { complete } from '../../domain/complete.ts'
import { toPeer } from '../../domain/peers.ts'
import { ownPublicChannels, sendAsPeers } from '../../domain/send-as.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'channels.getSendAs',
  async (ctx, req) => {
    // @TODO live stories: end with the stories.
    if (req.forLiveStories) throw new RpcError('NOT_IMPLEMENTED')
    const peer = await access.peer(ctx, req.peer)
    if (peer.kind !== 'channel') throw new RpcError(peer.kind === 'chat' ? 'CHAT_ID_INVALID' : 'PEER_ID_INVALID')
    // Whoever pays for a reaction may show as a channel of theirs anywhere.
    const authors = req.forPaidReactions
      ? [ctx.userId, ...(await ownPublicChannels(ctx))]
      : await sendAsPeers(ctx, peer)
    const peers = authors.map((author): tl.SendAsPeer => ({ _: 'sendAsPeer', peer: toPeer(author) }))
    return complete<tl.channels_sendAsPeers>(ctx, { _: 'channels.sendAsPeers', peers, chats: [], users: [] })
  },
  { flood: 'read' },
)
