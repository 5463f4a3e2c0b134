import { ownUser } from '../../domain/access.ts'
import { announceIn } from '../../domain/channel-members.ts'
import { channelRow } from '../../domain/channel-rows.ts'
import { bareId } from '../../domain/peers.ts'
import type { Ctx } from '../../rpc/context.ts'

/** Tells a supergroup how many boosts somebody has just given it. The job goes with the message: it is told once. */
export async function tellBoosts(ctx: Ctx, job: string): Promise<void> {
  await ctx.transact(async (tx) => {
    const row = await tx.trx.deleteFrom('job').where('id', '=', job).returning(['owner', 'data']).executeTakeFirst()
    if (!row?.data) return
    const { peer, boosts } = JSON.parse(Buffer.from(row.data).toString()) as { peer: number; boosts: number }
    const id = bareId(peer)
    const channel = await channelRow(tx, id)
    if (!channel || channel.deleted === 1) return
    const action = { _: 'messageActionBoostApply' as const, boosts }
    await announceIn(tx, await ownUser(tx, row.owner), id, { action, sendAs: row.owner })
  })
}
