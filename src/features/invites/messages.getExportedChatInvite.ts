import { viewInvite } from '../../domain/channel-invites.ts'
import { complete } from '../../domain/complete.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { managed, named } from './links.ts'

export default method(
  'messages.getExportedChatInvite',
  async (ctx, req) => {
    const place = await managed(ctx, req.peer)
    const invite = await viewInvite(ctx, await named(ctx, place, req.link))
    return complete<tl.messages_exportedChatInvite>(ctx, { _: 'messages.exportedChatInvite', invite, users: [] })
  },
  { flood: 'read' },
)
