import { access } from '../../domain/access.ts'
import { asUpdates } from '../../domain/sent.ts'
import { method } from '../../rpc/method.ts'
import { sendReaction } from './actions.ts'

export default method(
  'messages.sendReaction',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    return asUpdates(ctx, await sendReaction(ctx, peer, req))
  },
  { flood: 'write' },
)
