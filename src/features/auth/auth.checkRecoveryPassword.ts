import { method } from '../../rpc/method.ts'
import { checkRecovery, recovering } from './recovery.ts'

export default method(
  'auth.checkRecoveryPassword',
  async (ctx, req) => {
    await checkRecovery(ctx, recovering(ctx), req.code)
    return true
  },
  { anonymous: true, flood: 'code' },
)
