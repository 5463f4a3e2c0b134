import { access } from '../../domain/access.ts'
import { keepContact } from '../../domain/contacts.ts'
import { userRow } from '../../domain/user-rows.ts'
import { contactRow } from '../../domain/users.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { contactUpdates } from './actions.ts'

/** Shares the caller's number with a contact who keeps them without it. https://core.telegram.org/api/action-bar */
export default method(
  'contacts.acceptContact',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const user = await access.user(tx, req.id)
      if (user.self) throw new RpcError('CONTACT_ID_INVALID')
      if (!(await contactRow(tx, tx.userId, user.id))) throw new RpcError('CONTACT_ADD_MISSING')
      const kept = await contactRow(tx, user.id, tx.userId)
      const me = await userRow(tx, tx.userId)
      if (!kept || !me?.phone) throw new RpcError('CONTACT_REQ_MISSING')
      const names = { firstName: kept.first_name, lastName: kept.last_name }
      if (await keepContact(tx, user.id, tx.userId, { ...names, phone: me.phone })) {
        await tx.publish(tx.userId, { kind: 'peerSettings', peer: user.id })
      }
      return contactUpdates(tx, [user.id])
    }),
  { flood: 'write' },
)
