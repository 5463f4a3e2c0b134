import { method } from '../../rpc/method.ts'
import { targetOf, viewSettings } from './targets.ts'

export default method(
  'account.resetNotifySettings',
  (ctx) =>
    ctx.transact(async (tx) => {
      const rows = await tx.trx.deleteFrom('notify_setting').where('owner', '=', tx.userId).returning('scope').execute()
      for (const { scope } of rows) {
        const update = viewSettings(targetOf(scope), { _: 'peerNotifySettings' })
        await tx.publish(tx.userId, { kind: 'update', update })
      }
      return true
    }),
  { flood: 'write' },
)
