import { atRest } from '../../domain/message-view.ts'
import { method } from '../../rpc/method.ts'
import { notifySettings } from './notify.ts'

export default method(
  'account.setReactionsNotifySettings',
  async (ctx, req) => {
    const notify = atRest(req.settings)
    await ctx.transact((tx) =>
      tx.trx
        .insertInto('reaction_setting')
        .values({ owner: tx.userId, notify })
        .onConflict((c) => c.column('owner').doUpdateSet({ notify }))
        .execute(),
    )
    return notifySettings(ctx)
  },
  { flood: 'write' },
)
