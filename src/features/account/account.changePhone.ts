import { lockPhones } from '../../domain/accounts.ts'
import { CODE_STATE, setCodeState, tryCode } from '../../domain/codes.ts'
import { phoneNumber } from '../../domain/phones.ts'
import { userByPhone } from '../../domain/user-rows.ts'
import { viewUsers } from '../../domain/users.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { changePhone } from './actions.ts'

export default method(
  'account.changePhone',
  async (ctx, req) => {
    const phone = phoneNumber(ctx, req.phoneNumber)
    if (req.phoneCode === '') throw new RpcError('PHONE_CODE_EMPTY')
    const done = await ctx.transact(async (tx) => {
      const tried = await tryCode(tx, 'change', req.phoneCodeHash, phone, req.phoneCode)
      if (tried.verdict !== 'ok' || tried.row.user_id !== tx.userId)
        return tried.verdict === 'invalid' ? 'invalid' : 'expired'
      await lockPhones(tx)
      if (await userByPhone(tx, phone)) return 'occupied'
      await setCodeState(tx, tried.row.id, CODE_STATE.spent)
      await changePhone(tx, phone)
      return 'done'
    })
    if (done === 'invalid') throw new RpcError('PHONE_CODE_INVALID')
    if (done === 'expired') throw new RpcError('PHONE_CODE_EXPIRED')
    if (done === 'occupied') throw new RpcError('PHONE_NUMBER_OCCUPIED')
    const [user] = await viewUsers(ctx, [ctx.userId])
    return user!
  },
  { flood: 'code' },
)
