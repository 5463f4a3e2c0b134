import { access } from '../../domain/access.ts'
import { viewUsers } from '../../domain/users.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

const AT_ONCE = 200

/** Users one by one, in the order asked for; userEmpty in the place of those the caller cannot name. */
export default method(
  'users.getUsers',
  async (ctx, req) => {
    if (req.id.length > AT_ONCE) throw new RpcError('LIMIT_INVALID')
    const ids: (number | tl.userEmpty)[] = []
    for (const input of req.id) {
      try {
        ids.push((await access.user(ctx, input)).id)
      } catch (error) {
        if (!(error instanceof RpcError) || error.type !== 'USER_ID_INVALID') throw error
        ids.push({ _: 'userEmpty', id: 'userId' in input ? input.userId : 0 })
      }
    }
    const users = new Map(
      (
        await viewUsers(
          ctx,
          ids.filter((id) => typeof id === 'number'),
        )
      ).map((u) => [u.id, u]),
    )
    return ids.map((id) => (typeof id === 'number' ? users.get(id)! : id))
  },
  { flood: 'read' },
)
