import { phoneNumber } from '../../domain/phones.ts'
import { type UserRow, userByPhone } from '../../domain/user-rows.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { answerLogin, checkApi, finishLogin, type Login } from './actions.ts'
import { sendLoginCode } from './login-codes.ts'
import { FUTURE_TOKENS, takeToken, tokenRow } from './tokens.ts'

/** Older layers have no answer that says "signed in already": they take a code. */
const SINCE = 152

export default method(
  'auth.sendCode',
  async (ctx, req) => {
    checkApi(req.apiId, req.apiHash)
    const phone = phoneNumber(ctx, req.phoneNumber)
    const user = await userByPhone(ctx, phone)
    if (user?.banned) throw new RpcError('PHONE_NUMBER_BANNED')
    const login = user && (await loginByToken(ctx, user, req.settings.logoutTokens ?? []))
    if (login) return { _: 'auth.sentCodeSuccess', authorization: await answerLogin(ctx, login) }
    return sendLoginCode(ctx, phone, user)
  },
  { anonymous: true, flood: 'code' },
)

/** Whoever logged out here before signs in without a code. https://core.telegram.org/api/auth#future-auth-tokens */
async function loginByToken(ctx: Ctx, user: UserRow, tokens: readonly Uint8Array[]): Promise<Login | undefined> {
  if (tokens.length === 0 || ctx.layer < SINCE) return undefined
  return ctx.transact(async (tx) => {
    for (const token of tokens.slice(0, FUTURE_TOKENS)) {
      // Clients send the tokens of all their accounts: those of others stay.
      if ((await tokenRow(tx, 'logout', token))?.user_id !== user.id) continue
      if (await takeToken(tx, 'logout', token)) return finishLogin(tx, user.id)
    }
  })
}
