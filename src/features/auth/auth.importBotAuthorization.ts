import { timingSafeEqual } from 'node:crypto'
import { tokenHash } from '../../domain/accounts.ts'
import { signInKey, viewSignedIn } from '../../domain/authorizations.ts'
import { userRow } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { checkApi, sessionOf } from './actions.ts'

export default method(
  'auth.importBotAuthorization',
  async (ctx, req) => {
    checkApi(req.apiId, req.apiHash)
    const [, id] = /^(\d{1,15}):[\w-]{1,64}$/.exec(req.botAuthToken) ?? []
    if (id === undefined) throw new RpcError('ACCESS_TOKEN_INVALID')
    const bot = await userRow(ctx, Number(id))
    const hash = Buffer.from(tokenHash(ctx, req.botAuthToken))
    const known = Buffer.from(bot?.bot_token ?? '')
    if (!bot || known.length !== hash.length || !timingSafeEqual(known, hash))
      throw new RpcError('ACCESS_TOKEN_INVALID')
    if (bot.deleted || bot.banned) throw new RpcError('ACCESS_TOKEN_EXPIRED')
    const { auth } = sessionOf(ctx)
    if (auth.userId !== bot.id) await ctx.transact((tx) => signInKey(tx, auth.id, bot.id, true))
    return viewSignedIn(ctx, bot.id)
  },
  { anonymous: true, flood: 'write' },
)
