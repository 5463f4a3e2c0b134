import { isFresh } from '../../domain/authorizations.ts'
import { sendPhoneCode } from '../../domain/phone-codes.ts'
import { phoneNumber } from '../../domain/phones.ts'
import { userByPhone } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.sendChangePhoneCode',
  async (ctx, req) => {
    const phone = phoneNumber(ctx, req.phoneNumber)
    if (await isFresh(ctx)) throw new RpcError('FRESH_CHANGE_PHONE_FORBIDDEN')
    const other = await userByPhone(ctx, phone)
    if (other) throw new RpcError(other.banned ? 'PHONE_NUMBER_BANNED' : 'PHONE_NUMBER_OCCUPIED')
    return sendPhoneCode(ctx, 'change', phone, ctx.userId)
  },
  { flood: 'code' },
)
