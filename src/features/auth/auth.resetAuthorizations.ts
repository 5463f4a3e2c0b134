import { checkNotFresh, endAuthorizations } from '../../domain/authorizations.ts'
import { method } from '../../rpc/method.ts'
import { sessionOf } from './actions.ts'
import { dropFutureTokens } from './tokens.ts'

export default method(
  'auth.resetAuthorizations',
  async (ctx) => {
    await checkNotFresh(ctx)
    return ctx.transact(async (tx) => {
      await endAuthorizations(tx, tx.userId, sessionOf(tx).auth.id)
      await dropFutureTokens(tx, tx.userId)
      return true
    })
  },
  { flood: 'write' },
)
