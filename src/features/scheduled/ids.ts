import type { PeerRef } from '../../domain/access.ts'
import { mayQueue } from '../../domain/scheduled-rows.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'

/** Ids of a call, each once; LIMIT_INVALID for more than one call may name. */
export function checkIds(ctx: Ctx, ids: readonly number[]): number[] {
  if (ids.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
  return [...new Set(ids)]
}

/** CHAT_ADMIN_REQUIRED where the caller may not look into the queue. */
export function mustQueue(peer: PeerRef): PeerRef {
  if (!mayQueue(peer)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  return peer
}
