import { createAccount } from '../../domain/accounts.ts'
import { viewSignedIn } from '../../domain/authorizations.ts'
import { CODE_STATE, liveCode, setCodeState } from '../../domain/codes.ts'
import { phoneNumber } from '../../domain/phones.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { finishLogin } from './actions.ts'

export default method(
  'auth.signUp',
  async (ctx, req) => {
    const { nameLength } = ctx.app.config.limits
    const phone = phoneNumber(ctx, req.phoneNumber)
    const firstName = req.firstName.trim()
    const lastName = req.lastName.trim()
    if (firstName === '' || firstName.length > nameLength) throw new RpcError('FIRSTNAME_INVALID')
    if (lastName.length > nameLength) throw new RpcError('LASTNAME_INVALID')
    const userId = await ctx.transact(async (tx) => {
      const code = await liveCode(tx, 'login', req.phoneCodeHash, phone)
      if (!code) throw new RpcError('PHONE_CODE_EXPIRED')
      if (code.state !== CODE_STATE.proven) throw new RpcError('PHONE_CODE_INVALID')
      const id = await createAccount(tx, { phone, firstName, lastName })
      await setCodeState(tx, code.id, CODE_STATE.spent)
      await finishLogin(tx, id)
      return id
    })
    return viewSignedIn(ctx, userId)
  },
  { anonymous: true, flood: 'code' },
)
