import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { namedCode } from './codes.ts'
import { resendLoginCode } from './login-codes.ts'

export default method(
  'auth.resendCode',
  async (ctx, req) => {
    if (req.phoneCodeHash === '') throw new RpcError('PHONE_CODE_HASH_EMPTY')
    return resendLoginCode(ctx, await namedCode(ctx, req.phoneNumber, req.phoneCodeHash))
  },
  { anonymous: true, flood: 'code' },
)
