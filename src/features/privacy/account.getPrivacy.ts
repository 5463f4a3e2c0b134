import { rulesFor } from '../../domain/privacy-rules.ts'
import { method } from '../../rpc/method.ts'
import { keyOf, viewPrivacy } from './rules.ts'

export default method(
  'account.getPrivacy',
  async (ctx, req) => viewPrivacy(ctx, await rulesFor(ctx, ctx.userId, keyOf(req.key))),
  { flood: 'read' },
)
