import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/**
 * Web tokens are what Telegram's web applications hand to each other. This server gives none to any application, so
 * none has one to import.
 */
export default method(
  'auth.importWebTokenAuthorization',
  async () => {
    throw new RpcError('API_ID_INVALID')
  },
  { anonymous: true, flood: 'write' },
)
