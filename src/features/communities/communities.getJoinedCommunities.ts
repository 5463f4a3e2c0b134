import { viewChannels } from '../../domain/channels.ts'
import { joinedCommunities } from '../../domain/communities.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'communities.getJoinedCommunities',
  async (ctx) => ({ _: 'messages.chats', chats: await viewChannels(ctx, await joinedCommunities(ctx, ctx.userId)) }),
  { flood: 'read' },
)
