import { access } from '../../domain/access.ts'
import { storeNote } from '../../domain/contacts.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { lockBoxes } from '../../updates/log.ts'

export default method(
  'contacts.updateContactNote',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const user = await access.user(tx, req.id)
      await lockBoxes(tx, [tx.userId])
      const { changes } = await tx.trx
        .updateTable('contact')
        .set({ note: storeNote(req.note) })
        .where('owner', '=', tx.userId)
        .where('user_id', '=', user.id)
        .returning('user_id')
        .execute()
        .then((rows) => ({ changes: rows.length }))
      if (changes === 0) throw new RpcError('CONTACT_ID_INVALID')
      await tx.publish(tx.userId, { kind: 'update', update: { _: 'updateUser', userId: user.id } })
      return true
    }),
  { flood: 'write' },
)
