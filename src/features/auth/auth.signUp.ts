import { createAccount } from '../../domain/accounts.ts'
import { signInKey, viewSignedIn } from '../../domain/authorizations.ts'
import { CODE_STATE, liveCode, setCodeState } from '../../domain/codes.ts'
import { phoneNumber } from '../../domain/phones.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { sessionOf } from './actions.ts'
import { setLoginEmail } from './login-email.ts'
import { acceptTerms, termsFor } from './terms.ts'

export default method(
  'auth.signUp',
  async (ctx, req) => {
    const { nameLength } = ctx.app.config.limits
    const phone = phoneNumber(ctx, req.phoneNumber)
    const firstName = req.firstName.trim()
    const lastName = req.lastName.trim()
    if (firstName === '' || firstName.length > nameLength) throw new RpcError('FIRSTNAME_INVALID')
    if (lastName.length > nameLength) throw new RpcError('LASTNAME_INVALID')
    const terms = await termsFor(ctx)
    const userId = await ctx.transact(async (tx) => {
      const code = await liveCode(tx, 'login', req.phoneCodeHash, phone)
      if (!code) throw new RpcError('PHONE_CODE_EXPIRED')
      if (code.state !== CODE_STATE.proven) throw new RpcError('PHONE_CODE_INVALID')
      const id = await createAccount(tx, {
        phone,
        firstName,
        lastName,
        unannounced: req.noJoinedNotifications ?? false,
      })
      // The terms came with the answer that asked to sign up.
      if (terms) await acceptTerms(tx, id, terms.id)
      if (code.email) await setLoginEmail(tx, id, code.email)
      await setCodeState(tx, code.id, CODE_STATE.spent)
      await signInKey(tx, sessionOf(tx).auth.id, id)
      return id
    })
    return viewSignedIn(ctx, userId)
  },
  { anonymous: true, flood: 'code' },
)
