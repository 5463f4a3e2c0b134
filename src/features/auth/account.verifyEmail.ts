import { codeName } from '../../domain/codes.ts'
import { tryMailCode } from '../../domain/mail-codes.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { viewSent } from './login-codes.ts'
import { setLoginEmail } from './login-email.ts'
import { checkSetup, emailCode } from './verify-email.ts'

export default method(
  'account.verifyEmail',
  async (ctx, req) => {
    // Accounts of other companies prove nothing here: addresses are confirmed by their codes alone.
    if (req.verification._ !== 'emailVerificationCode') throw new RpcError('EMAIL_NOT_ALLOWED')
    const { code } = req.verification
    const mail = await emailCode(ctx, req.purpose, 'PHONE_CODE_EXPIRED')
    if (mail.login) await checkSetup(ctx, mail.login)
    const done = await ctx.transact(async (tx) => {
      const id = mail.id ?? codeName(tx, mail.purpose, mail.userId)
      const asked = await tx.trx.selectFrom('code').select('target').where('id', '=', id).executeTakeFirst()
      if (!asked) return 'expired'
      const email = asked.target
      const tried = await tryMailCode(tx, { ...mail, email }, code)
      if (tried !== 'ok') return tried
      if (mail.login) await chosen(tx, mail.login.id, email)
      else if (mail.purpose === 'verify') await setLoginEmail(tx, mail.userId, email)
      else await proven(tx, mail.userId, email)
      return { email }
    })
    if (done === 'expired') throw new RpcError('EMAIL_VERIFY_EXPIRED')
    if (done === 'invalid') throw new RpcError('CODE_INVALID')
    if (!mail.login) return { _: 'account.emailVerified', email: done.email }
    return { _: 'account.emailVerifiedLogin', email: done.email, sentCode: await viewSent(ctx, mail.login) }
  },
  { anonymous: true, flood: 'code' },
)

/**
 * The address becomes the login address once the login code is given too: an address alone is no reason to let anybody
 * into an account.
 */
async function chosen(tx: Tx, loginCode: string, email: string): Promise<void> {
  await tx.trx.updateTable('code').set({ email }).where('id', '=', loginCode).execute()
}

async function proven(tx: Tx, userId: number, email: string): Promise<void> {
  await tx.trx
    .insertInto('verified_email')
    .values({ user_id: userId, email, date: tx.now })
    .onConflict((c) => c.columns(['user_id', 'email']).doUpdateSet({ date: tx.now }))
    .execute()
}
