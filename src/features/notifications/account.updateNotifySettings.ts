import { checkSettings, setNotifySettings } from '../../domain/notify.ts'
import { method } from '../../rpc/method.ts'
import { accessTarget, viewSettings } from './targets.ts'

export default method(
  'account.updateNotifySettings',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const target = await accessTarget(tx, req.peer)
      const settings = checkSettings(req.settings)
      await setNotifySettings(tx, target, settings)
      await tx.publish(tx.userId, { kind: 'update', update: viewSettings(target, settings) })
      return true
    }),
  { flood: 'write' },
)
