import { method } from '../../rpc/method.ts'
import { unresolvedPhones } from './view.ts'

export default method(
  'contacts.resetSaved',
  (ctx) =>
    ctx.transact(async (tx) => {
      const gone = await tx.trx
        .deleteFrom('saved_contact')
        .where('owner', '=', tx.userId)
        .where('phone', 'in', unresolvedPhones(tx).select('s.phone'))
        .returning('phone')
        .execute()
      if (gone.length > 0) await tx.publish(tx.userId, { kind: 'update', update: { _: 'updateContactsReset' } })
      return true
    }),
  { flood: 'write' },
)
