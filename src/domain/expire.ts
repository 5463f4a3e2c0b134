import type { Ctx } from '../rpc/context.ts'
import { copiesOf } from './copies.ts'
import { removeMessages } from './remove-messages.ts'

/** The job that deletes a message whose time is over, in every box. https://core.telegram.org/api/auto-delete-messages */
export async function expireMessage(ctx: Ctx, owner: number, data: { peer: number; origin: number }): Promise<void> {
  await ctx.transact(async (tx) => {
    await removeMessages(tx, await copiesOf(tx, owner, data.peer, [data.origin]))
  })
}
