import type * as tl from '../tl/gen/types.ts'
import type { Ctx } from '../rpc/context.ts'
import { complete } from './complete.ts'
import { viewMessage } from './message-view.ts'
import type { Sent } from './send.ts'

/** Messages just sent, and other updates, as the Updates that answers their sender. */
export async function sentUpdates(
  ctx: Ctx,
  sent: readonly Sent[],
  others: readonly tl.Update[] = [],
): Promise<tl.updates> {
  const updates: tl.Update[] = []
  for (const { row } of sent) {
    if (row.random_id !== null) updates.push({ _: 'updateMessageID', id: row.id, randomId: BigInt(row.random_id) })
  }
  updates.push(...others)
  for (const one of sent) {
    const { row } = one
    const { pts, ptsCount } = one.published
    updates.push({ _: 'updateNewMessage', message: viewMessage(ctx, row), pts, ptsCount })
  }
  return asUpdates(ctx, updates)
}

/** Single updates as the Updates that answers a call, with the peers they mention. */
export function asUpdates(ctx: Ctx, updates: tl.Update[]): Promise<tl.updates> {
  return complete<tl.updates>(ctx, { _: 'updates', updates, users: [], chats: [], date: ctx.now, seq: 0 })
}
