import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { acceptTerms, termsFor } from './terms.ts'

export default method(
  'help.acceptTermsOfService',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const current = await termsFor(tx)
      if (!current || req.id.data !== current.terms.id.data) throw new RpcError('DATA_JSON_INVALID')
      await acceptTerms(tx, tx.userId, current.id)
      return true
    }),
  { flood: 'write' },
)
