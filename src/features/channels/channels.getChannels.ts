import { access } from '../../domain/access.ts'
import { viewChannels } from '../../domain/channels.ts'
import { communityNamed } from '../../domain/communities.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.getChannels',
  async (ctx, req) => {
    if (req.id.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    const ids: number[] = []
    for (const input of req.id)
      ids.push(((await communityNamed(ctx, input)) ?? (await access.namedChannel(ctx, input))).id)
    return { _: 'messages.chats', chats: await viewChannels(ctx, ids) }
  },
  { flood: 'read' },
)
