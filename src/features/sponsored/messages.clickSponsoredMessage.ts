import { countAd, namedAd } from '../../domain/ads.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.clickSponsoredMessage',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await countAd(tx, await namedAd(tx, req.randomId), 'clicks')
      return true
    }),
  { flood: 'write' },
)
