import { access } from '../../domain/access.ts'
import { keepContact, phoneDigits } from '../../domain/contacts.ts'
import { allowUser } from '../../domain/privacy-rules.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { lockBoxes } from '../../updates/log.ts'
import { contactUpdates } from './actions.ts'

export default method(
  'contacts.addContact',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const user = await access.user(tx, req.id).catch((error) => {
        if (error instanceof RpcError && error.type === 'USER_ID_INVALID') throw new RpcError('CONTACT_ID_INVALID')
        throw error
      })
      if (user.self || user.row.deleted === 1) throw new RpcError('CONTACT_ID_INVALID')
      const { firstName, lastName, note } = req
      if (firstName.trim() === '') throw new RpcError('CONTACT_NAME_EMPTY')
      const phone = phoneDigits(req.phone)
      await lockBoxes(tx, [tx.userId, user.id])
      const shown = req.addPhonePrivacyException ? await allowUser(tx, 'phoneNumber', user.id) : undefined
      await keepContact(tx, tx.userId, user.id, { firstName, lastName, phone, note })
      return contactUpdates(tx, [user.id], ...(shown ? [shown] : []))
    }),
  { flood: 'write' },
)
