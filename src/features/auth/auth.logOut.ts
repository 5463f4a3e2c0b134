import { watchActivity } from '../../domain/accounts.ts'
import { endKeys } from '../../domain/authorizations.ts'
import { method } from '../../rpc/method.ts'
import { sessionOf } from './actions.ts'
import { FUTURE_LIFE, issueToken } from './tokens.ts'

export default method(
  'auth.logOut',
  (ctx) =>
    ctx.transact(async (tx) => {
      const { auth } = sessionOf(tx)
      // A client's key for another data centre goes alone, without a token for the next time.
      const row = await tx.trx
        .selectFrom('auth_key')
        .select(['user_id', 'parent'])
        .where('id', '=', auth.id)
        .executeTakeFirst()
      await endKeys(tx, [auth.id])
      if (!row?.user_id || row.parent || auth.bot) return { _: 'auth.loggedOut' }
      await watchActivity(tx, row.user_id)
      return { _: 'auth.loggedOut', futureAuthToken: await issueToken(tx, 'logout', row.user_id, FUTURE_LIFE) }
    }),
  { anonymous: true, flood: 'write' },
)
