import { CODE_STATE, liveCode, setCodeState, tryCode } from '../../domain/codes.ts'
import { phoneNumber } from '../../domain/phones.ts'
import { userByPhone } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { answerLogin, finishLogin } from './actions.ts'
import { givenCode, refuse } from './codes.ts'
import { keepLoginEmail, setLoginEmail } from './login-email.ts'
import { termsFor } from './terms.ts'

export default method(
  'auth.signIn',
  async (ctx, req) => {
    const phone = phoneNumber(ctx, req.phoneNumber)
    const { code, byMail } = givenCode(req.phoneCode, req.emailVerification)
    const row = await liveCode(ctx, 'login', req.phoneCodeHash, phone)
    // A code that went to the phone is not one that proves the mail address, nor the other way round.
    if (row && (row.way === 'email') !== byMail) throw new RpcError('PHONE_CODE_INVALID')
    const done = await ctx.transact(async (tx) => {
      const tried = await tryCode(tx, 'login', req.phoneCodeHash, phone, code)
      if (tried.verdict !== 'ok') return tried.verdict
      const user = await userByPhone(tx, phone)
      if (!user) {
        await setCodeState(tx, tried.row.id, CODE_STATE.proven)
        return 'unoccupied'
      }
      await setCodeState(tx, tried.row.id, CODE_STATE.spent)
      if (tried.row.email) await setLoginEmail(tx, user.id, tried.row.email)
      // Whoever can read the address does not need it taken off.
      if (byMail) await keepLoginEmail(tx, user.id)
      return finishLogin(tx, user.id)
    })
    if (done === 'unoccupied') {
      return { _: 'auth.authorizationSignUpRequired', termsOfService: (await termsFor(ctx))?.terms }
    }
    if (typeof done === 'string') return refuse(done)
    return answerLogin(ctx, done)
  },
  { anonymous: true, flood: 'code' },
)
