import { usableInvite, viewInvite } from '../../domain/invite-view.ts'
import { noteLink } from '../../domain/recent-links.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.checkChatInvite',
  async (ctx, req) => {
    const invite = await usableInvite(ctx, req.hash)
    const view = await viewInvite(ctx, invite, true)
    await noteLink(ctx, `+${invite.hash}`)
    return view
  },
  { flood: 'search' },
)
