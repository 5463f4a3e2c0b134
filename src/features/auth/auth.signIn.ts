import { viewSignedIn } from '../../domain/authorizations.ts'
import { CODE_STATE, setCodeState, tryCode } from '../../domain/codes.ts'
import { phoneNumber } from '../../domain/phones.ts'
import { userByPhone } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { finishLogin } from './actions.ts'
import { refuse } from './verdicts.ts'

export default method(
  'auth.signIn',
  async (ctx, req) => {
    const phone = phoneNumber(ctx, req.phoneNumber)
    if (!req.phoneCode) throw new RpcError('PHONE_CODE_EMPTY')
    const code = req.phoneCode
    const done = await ctx.transact(async (tx) => {
      const tried = await tryCode(tx, 'login', req.phoneCodeHash, phone, code)
      if (tried.verdict !== 'ok') return tried.verdict
      const user = await userByPhone(tx, phone)
      if (!user) {
        await setCodeState(tx, tried.row.id, CODE_STATE.proven)
        return 'unoccupied'
      }
      if (user.banned) return 'banned'
      await setCodeState(tx, tried.row.id, CODE_STATE.spent)
      await finishLogin(tx, user.id)
      return user.id
    })
    if (done === 'unoccupied') return { _: 'auth.authorizationSignUpRequired' }
    if (typeof done === 'string') return refuse(done)
    return viewSignedIn(ctx, done)
  },
  { anonymous: true, flood: 'code' },
)
