import { access } from '../../domain/access.ts'
import { makeInvite, viewInvite } from '../../domain/channel-invites.ts'
import { mustNotBeDirect } from '../../domain/channel-rights.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { checkLimits, managed, TITLE } from './links.ts'

export default method(
  'messages.exportChatInvite',
  (ctx, req) => {
    // @TODO links that are paid for: end with the stars' folder.
    if (req.subscriptionPricing) throw new RpcError('NOT_IMPLEMENTED')
    return ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      if (peer.kind === 'channel') mustNotBeDirect(peer.row)
      const place = await managed(tx, req.peer)
      checkLimits(tx, req)
      const title = req.title?.trim().slice(0, TITLE) || null
      const bounds = {
        title,
        expires: req.expireDate ?? 0,
        usage_limit: req.usageLimit ?? 0,
        request_needed: req.requestNeeded ? 1 : 0,
      }
      // The lasting link has no bounds.
      const lasting = req.legacyRevokePermanent || !Object.values(bounds).some(Boolean)
      const row = await makeInvite(tx, place.peer, lasting ? { permanent: 1 } : bounds)
      return viewInvite(tx, row)
    })
  },
  { flood: 'create' },
)
