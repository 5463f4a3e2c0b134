import { adminedPublic, mayHaveOneMorePublic } from '../../domain/channel-named.ts'
import { viewChannels } from '../../domain/channels.ts'
import { linkable } from '../../domain/communities.ts'
import { bareId } from '../../domain/peers.ts'
import { ownPublicChannels } from '../../domain/send-as.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.getAdminedPublicChannels',
  async (ctx, req) => {
    if (req.forPersonal) {
      const own = (await ownPublicChannels(ctx)).map(bareId)
      return { _: 'messages.chats', chats: await viewChannels(ctx, own) }
    }
    if (req.forCommunityPeer) return { _: 'messages.chats', chats: await viewChannels(ctx, await linkable(ctx)) }
    const byLocation = req.byLocation === true
    if (req.checkLimit) await mayHaveOneMorePublic(ctx, { byLocation })
    const ids = await adminedPublic(ctx, byLocation)
    return { _: 'messages.chats', chats: await viewChannels(ctx, ids) }
  },
  { flood: 'read' },
)
