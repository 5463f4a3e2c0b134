import { tellUser } from '../../domain/acquaintances.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { isBirthday } from './birthdays.ts'

export default method(
  'account.updateBirthday',
  async (ctx, { birthday }) => {
    if (birthday && !isBirthday(ctx, birthday)) throw new RpcError('BIRTHDAY_INVALID')
    return ctx.transact(async (tx) => {
      const { day = null, month = null, year = null } = birthday ?? {}
      await tx.trx
        .updateTable('user')
        .set({ birth_day: day, birth_month: month, birth_year: year })
        .where('id', '=', tx.userId)
        .execute()
      await tellUser(tx, tx.userId)
      return true
    })
  },
  { flood: 'write' },
)
