import { chooseAds } from '../../domain/ads.ts'
import { hasPremium } from '../../domain/premium.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Accounts with Premium see no ads unless they ask for them. */
export default method(
  'account.toggleSponsoredMessages',
  async (ctx, req) => {
    if (!(await hasPremium(ctx, ctx.userId))) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
    return ctx.transact(async (tx) => {
      await chooseAds(tx, req.enabled)
      return true
    })
  },
  { flood: 'write' },
)
