import { countAd, namedAd } from '../../domain/ads.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.viewSponsoredMessage',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await countAd(tx, await namedAd(tx, req.randomId), 'views')
      return true
    }),
  { flood: 'write' },
)
