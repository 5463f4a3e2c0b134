import { userRow } from '../../domain/user-rows.ts'
import { viewUser } from '../../domain/users.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { readContactToken } from './contact-tokens.ts'

export default method(
  'contacts.importContactToken',
  async (ctx, { token }) => {
    const id = readContactToken(ctx, token)
    const row = id === undefined ? undefined : await userRow(ctx, id)
    if (!row || row.deleted === 1) throw new RpcError('IMPORT_TOKEN_INVALID')
    return viewUser(ctx, row)
  },
  { flood: 'search' },
)
