import { dropContacts, forgetPhone, phoneDigits } from '../../domain/contacts.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { dialectOf } from '../../storage/index.ts'

export default method(
  'contacts.deleteByPhones',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (req.phones.length > tx.app.config.limits.contacts) throw new RpcError('LIMIT_INVALID')
      const phones = [...new Set(req.phones.map(phoneDigits).filter((phone) => phone !== undefined))]
      const rows = await tx.trx
        .selectFrom('contact')
        .select('user_id')
        .where('owner', '=', tx.userId)
        .where('phone', 'in', dialectOf(tx.trx).eachText(phones) as never)
        .execute()
      await dropContacts(
        tx,
        rows.map((row) => row.user_id),
      )
      for (const phone of phones) await forgetPhone(tx, phone)
      return true
    }),
  { flood: 'write' },
)
