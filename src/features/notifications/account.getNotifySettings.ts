import { notifySettings, scopeSettings } from '../../domain/notify.ts'
import { method } from '../../rpc/method.ts'
import { accessTarget, isScope } from './targets.ts'

export default method(
  'account.getNotifySettings',
  async (ctx, req) => {
    const target = await accessTarget(ctx, req.peer)
    return isScope(target) ? scopeSettings(ctx, ctx.userId, target) : notifySettings(ctx, ctx.userId, target)
  },
  { flood: 'read' },
)
