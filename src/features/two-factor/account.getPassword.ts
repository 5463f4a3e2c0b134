import { maskEmail } from '../../domain/mail-codes.ts'
import { newAlgorithm, passwordChallenge, passwordRow } from '../../domain/passwords.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.getPassword',
  async (ctx) => {
    const userId = ctx.viewer || ctx.session?.auth.passwordPending
    if (!userId) throw new RpcError('AUTH_KEY_UNREGISTERED')
    const row = await passwordRow(ctx, userId)
    const known = row?.verifier ? row : undefined
    const login =
      ctx.viewer === 0
        ? undefined
        : await ctx.db.selectFrom('login_email').select('email').where('user_id', '=', userId).executeTakeFirst()
    return {
      _: 'account.password',
      hasPassword: known !== undefined || undefined,
      hasRecovery: (known && known.email !== null) || undefined,
      hasSecureValues: (known && known.secure !== null) || undefined,
      ...(known && passwordChallenge(ctx, known)),
      hint: known?.hint || undefined,
      emailUnconfirmedPattern: row?.pending_email ? maskEmail(row.pending_email) : undefined,
      newAlgo: newAlgorithm(ctx, userId),
      newSecureAlgo: { _: 'securePasswordKdfAlgoPBKDF2HMACSHA512iter100000', salt: ctx.app.random(8) },
      secureRandom: ctx.app.random(256),
      pendingResetDate: row?.reset_at || undefined,
      loginEmailPattern: login ? maskEmail(login.email) : undefined,
    }
  },
  { anonymous: true, flood: 'read' },
)
