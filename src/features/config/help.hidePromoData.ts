import { access } from '../../domain/access.ts'
import { method } from '../../rpc/method.ts'

/** The name under which a hidden promoted peer is kept among the suggestions. */
const HIDDEN_PROMO = 'PROMO_HIDDEN'

export default method(
  'help.hidePromoData',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { peer } = await access.peer(tx, req.peer)
      await tx.trx
        .insertInto('dismissed_suggestion')
        .values({ owner: tx.userId, peer, suggestion: HIDDEN_PROMO, date: tx.now })
        .onConflict((c) => c.columns(['owner', 'peer', 'suggestion']).doNothing())
        .execute()
      return true
    }),
  { flood: 'write' },
)
