import { phoneNumber } from '../../domain/phones.ts'
import { userByPhone } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { checkApi } from './actions.ts'
import { sendLoginCode } from './login-codes.ts'

export default method(
  'auth.sendCode',
  async (ctx, req) => {
    checkApi(req.apiId, req.apiHash)
    const phone = phoneNumber(ctx, req.phoneNumber)
    const user = await userByPhone(ctx, phone)
    if (user?.banned) throw new RpcError('PHONE_NUMBER_BANNED')
    return sendLoginCode(ctx, phone, user)
  },
  { anonymous: true, flood: 'code' },
)
