import { access } from '../../domain/access.ts'
import { method } from '../../rpc/method.ts'
import { staff, viewNote } from './support.ts'

export default method(
  'help.getUserInfo',
  async (ctx, req) => {
    await staff(ctx)
    return viewNote(ctx, (await access.user(ctx, req.userId)).id)
  },
  { flood: 'read' },
)
