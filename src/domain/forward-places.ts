import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'

/**
 * Notes which of the messages just sent into a channel or supergroup (marked id) are forwards of channels' posts: what
 * a post's public forwards are found by. https://core.telegram.org/method/stats.getMessagePublicForwards
 * @param answer what the one who forwarded is answered
 */
export async function placeForwards(ctx: Ctx, peer: number, answer: tl.Updates): Promise<void> {
  if (answer._ !== 'updates') return
  const places = answer.updates.flatMap((update) => {
    if (update._ !== 'updateNewChannelMessage' || update.message._ !== 'message') return []
    const { id, date, fwdFrom } = update.message
    if (fwdFrom?.fromId?._ !== 'peerChannel' || fwdFrom.channelPost === undefined) return []
    return [{ channel_id: fwdFrom.fromId.channelId, message_id: fwdFrom.channelPost, date, peer, forward_id: id }]
  })
  if (places.length === 0) return
  await ctx.transact((tx) =>
    tx.trx
      .insertInto('forward_place')
      .values(places)
      .onConflict((c) => c.doNothing())
      .execute(),
  )
}
