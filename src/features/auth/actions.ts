import { endKeys, signInKey, viewSignedIn } from '../../domain/authorizations.ts'
import { hasPassword } from '../../domain/passwords.ts'
import { userRow } from '../../domain/user-rows.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type { RpcSession } from '../../rpc/session.ts'
import type * as tl from '../../tl/gen/types.ts'

/** The session that asks: signing in is done by nobody else. */
export function sessionOf(ctx: Ctx): RpcSession {
  if (!ctx.session) throw new Error('signing in needs a session')
  return ctx.session
}

/** What became of a sign-in whose code was right. */
export interface Login {
  userId: number
  /** Nobody is signed in yet: the account's password is due. */
  password: boolean
}

/**
 * Signs the calling key in after its code was right, or takes note that it still owes the password. The transaction
 * commits in both cases; `answerLogin` then says which it was.
 * https://core.telegram.org/api/srp
 */
export async function finishLogin(tx: Tx, userId: number, proven = false): Promise<Login> {
  const key = sessionOf(tx).auth.id
  const user = await userRow(tx, userId)
  if (!user || user.deleted) throw new RpcError('USER_DEACTIVATED')
  if (user.banned) throw new RpcError('USER_DEACTIVATED_BAN')
  const before = sessionOf(tx).auth.userId
  if (before !== 0 && before !== userId) await endKeys(tx, [key])
  if (!(await hasPassword(tx, userId))) {
    await signInKey(tx, key, userId, proven)
    return { userId, password: false }
  }
  await tx.trx
    .updateTable('auth_key')
    .set({ user_id: null, password_pending_user: userId, signed_in_at: 0, flags: 0 })
    .where('id', '=', key)
    .execute()
  tx.onCommit(() => {
    tx.app.authorizations.changed(key, 0)
    tx.app.authorizations.pending(key, userId)
  })
  return { userId, password: true }
}

/** auth.authorization, or SESSION_PASSWORD_NEEDED. */
export async function answerLogin(ctx: Ctx, login: Login): Promise<tl.auth_authorization> {
  if (login.password) throw new RpcError('SESSION_PASSWORD_NEEDED')
  return viewSignedIn(ctx, login.userId)
}

/** The account that gave its code in this session and still owes its password. AUTH_KEY_UNREGISTERED without one. */
export function pendingUser(ctx: Ctx): number {
  const { passwordPending } = sessionOf(ctx).auth
  if (passwordPending === 0) throw new RpcError('AUTH_KEY_UNREGISTERED')
  return passwordPending
}

/** Clients must name the application they are. https://core.telegram.org/api/obtaining_api_id */
export function checkApi(apiId: number, apiHash: string): void {
  if (apiId <= 0 || apiHash === '' || apiHash.length > 128) throw new RpcError('API_ID_INVALID')
}
