import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { viewMessages } from './channel-marks.ts'
import { randomIdOf } from './channel-send.ts'
import { complete } from './complete.ts'
import { newMessageUpdate } from './message-facts.ts'
import type { Sent } from './send.ts'

/** Messages just sent, and other updates, as the Updates that answers their sender. */
export async function sentUpdates(
  ctx: Ctx,
  sent: readonly Sent[],
  others: readonly tl.Update[] = [],
): Promise<tl.updates> {
  const updates: tl.Update[] = []
  for (const { row } of sent) {
    const randomId = randomIdOf(row)
    if (randomId !== undefined) updates.push({ _: 'updateMessageID', id: row.id, randomId })
  }
  updates.push(...others)
  const views = await viewMessages(
    ctx,
    sent.map((one) => one.row),
  )
  for (const [i, one] of sent.entries()) updates.push(newMessageUpdate(one.row.owner, views[i]!, one.published))
  return asUpdates(ctx, updates)
}

/** Single updates as the Updates that answers a call, with the peers they mention. */
export function asUpdates(ctx: Ctx, updates: tl.Update[]): Promise<tl.updates> {
  return complete<tl.updates>(ctx, { _: 'updates', updates, users: [], chats: [], date: ctx.now, seq: 0 })
}
