import { access } from '../../domain/access.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.togglePeerTranslations',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { peer } = await access.peer(tx, req.peer)
      const key = { owner: tx.userId, peer }
      if (req.disabled) {
        await tx.trx
          .insertInto('translation_setting')
          .values(key)
          .onConflict((c) => c.columns(['owner', 'peer']).doNothing())
          .execute()
      } else {
        await tx.trx.deleteFrom('translation_setting').where('owner', '=', key.owner).where('peer', '=', peer).execute()
      }
      return true
    }),
  { flood: 'write' },
)
