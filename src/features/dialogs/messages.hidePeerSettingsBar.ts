import { access } from '../../domain/access.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.hidePeerSettingsBar',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { peer } = await access.peer(tx, req.peer)
      // A bar may be dismissed before anything was said: the dialog that keeps this is not listed.
      const hidden = await tx.trx
        .insertInto('dialog')
        .values({ owner: tx.userId, peer, bar_hidden: 1 })
        .onConflict((c) =>
          c.columns(['owner', 'peer']).doUpdateSet({ bar_hidden: 1 }).where('dialog.bar_hidden', '=', 0),
        )
        .returning('peer')
        .executeTakeFirst()
      if (hidden) await tx.publish(tx.userId, { kind: 'peerSettings', peer })
      return true
    }),
  { flood: 'write' },
)
