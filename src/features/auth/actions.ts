import { signInKey } from '../../domain/authorizations.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type { RpcSession } from '../../rpc/session.ts'

/** The session that asks: signing in is done by nobody else. */
export function sessionOf(ctx: Ctx): RpcSession {
  if (!ctx.session) throw new Error('signing in needs a session')
  return ctx.session
}

/** Signs the calling key in after its code was right. */
export async function finishLogin(tx: Tx, userId: number): Promise<void> {
  await signInKey(tx, sessionOf(tx).auth.id, userId)
}

/** Clients must name the application they are. https://core.telegram.org/api/obtaining_api_id */
export function checkApi(apiId: number, apiHash: string): void {
  if (apiId <= 0 || apiHash === '' || apiHash.length > 128) throw new RpcError('API_ID_INVALID')
}
