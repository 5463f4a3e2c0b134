import { access } from '../../domain/access.ts'
import { protectChannel } from '../../domain/channel-settings.ts'
import { maySend } from '../../domain/rights.ts'
import { asUpdates, sentUpdates } from '../../domain/sent.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { answerRequest, protectChat, protectPrivate } from './no-forwards.ts'

export default method(
  'messages.toggleNoForwards',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    if (peer.kind === 'chat') return asUpdates(ctx, [await ctx.transact((tx) => protectChat(tx, peer, req.enabled))])
    if (peer.kind === 'channel')
      return asUpdates(ctx, [await ctx.transact((tx) => protectChannel(tx, peer, req.enabled))])
    if (peer.self) throw new RpcError('PEER_ID_INVALID')
    await maySend(ctx, peer, [])
    const { enabled, requestMsgId } = req
    const sent = await ctx.transact((tx) =>
      requestMsgId ? answerRequest(tx, peer, requestMsgId, enabled) : protectPrivate(tx, peer, enabled),
    )
    return sentUpdates(ctx, [sent])
  },
  { flood: 'write' },
)
