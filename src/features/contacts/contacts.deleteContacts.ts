import { access } from '../../domain/access.ts'
import { dropContacts } from '../../domain/contacts.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { contactUpdates } from './actions.ts'

export default method(
  'contacts.deleteContacts',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (req.id.length > tx.app.config.limits.contacts) throw new RpcError('LIMIT_INVALID')
      const users = await access.users(tx, req.id)
      return contactUpdates(
        tx,
        await dropContacts(
          tx,
          users.map((user) => user.id),
        ),
      )
    }),
  { flood: 'write' },
)
