import { access } from '../../domain/access.ts'
import { mustNotBeDirect } from '../../domain/channel-rights.ts'
import { viewChannels } from '../../domain/channels.ts'
import { viewChats } from '../../domain/chats.ts'
import { viewPeerSettings } from '../../domain/peer-settings.ts'
import { viewUsers } from '../../domain/users.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getPeerSettings',
  async (ctx, req) => {
    const at = await access.peer(ctx, req.peer)
    if (at.kind === 'channel') mustNotBeDirect(at.row)
    const settings = await viewPeerSettings(ctx, at.peer)
    // The answer names the peer nowhere, and gives it all the same.
    const users = at.kind === 'user' ? await viewUsers(ctx, [at.id]) : []
    const groups = at.kind === 'chat' ? await viewChats(ctx, [at.id]) : []
    const chats = at.kind === 'channel' ? await viewChannels(ctx, [at.id]) : groups
    return { _: 'messages.peerSettings', settings, users, chats }
  },
  { flood: 'read' },
)
