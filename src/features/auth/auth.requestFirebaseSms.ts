import { phoneNumber } from '../../domain/phones.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** No code is ever sent by Firebase here (auth.sentCodeTypeFirebaseSms is never answered), so nothing is sent again. */
export default method(
  'auth.requestFirebaseSms',
  async (ctx, req) => {
    phoneNumber(ctx, req.phoneNumber)
    if (req.phoneCodeHash === '') throw new RpcError('PHONE_CODE_EMPTY')
    return false
  },
  { anonymous: true, flood: 'code' },
)
