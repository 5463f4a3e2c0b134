import { access } from '../../domain/access.ts'
import { complete } from '../../domain/complete.ts'
import { viewUserFull } from '../../domain/user-full.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'users.getFullUser',
  async (ctx, req) => {
    const user = await access.user(ctx, req.id)
    return complete(ctx, { _: 'users.userFull', fullUser: await viewUserFull(ctx, user.row), chats: [], users: [] })
  },
  { flood: 'read' },
)
