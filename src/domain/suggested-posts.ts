import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import type { PeerRef } from './access.ts'
import type { MessageRow } from './message-rows.ts'
import { atRest } from './message-view.ts'
import { bareId } from './peers.ts'

/** Bounds of a suggestion, as clients are told them: Telegram Stars, and seconds from now. */
export const SUGGESTION = { least: 5, most: 100_000, soonest: 300, latest: 2_678_400 } as const

const put = query<{ channel: number; message: number; tl: Uint8Array }>()((db, p) =>
  db
    .insertInto('suggested_post')
    .values({ channel_id: p.channel, message_id: p.message, tl: p.tl })
    .onConflict((c) => c.columns(['channel_id', 'message_id']).doUpdateSet({ tl: p.tl })),
)
const those = query<{ channel: number; messages: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('suggested_post')
    .select(['message_id', 'tl'])
    .where('channel_id', '=', p.channel)
    .where('message_id', 'in', d.each(p.messages) as never),
)

/**
 * A post that is suggested to a channel, or by it, in its direct messages: SUGGESTED_POST_PEER_INVALID elsewhere,
 * SUGGESTED_POST_AMOUNT_INVALID, SCHEDULE_DATE_INVALID. https://core.telegram.org/api/suggested-posts
 */
export function checkSuggestion(ctx: Ctx, peer: PeerRef, input: tl.SuggestedPost): tl.suggestedPost {
  if (peer.kind !== 'channel' || peer.row.monoforum === 0) throw new RpcError('SUGGESTED_POST_PEER_INVALID')
  return { _: 'suggestedPost', price: checkPrice(input.price), scheduleDate: checkTime(ctx, input.scheduleDate) }
}

function checkPrice(price: tl.StarsAmount | undefined): tl.StarsAmount | undefined {
  if (!price || price.amount === 0n) return undefined
  // @TODO prices in nanograms: end with the stars.
  if (price._ !== 'starsAmount') throw new RpcError('NOT_IMPLEMENTED')
  const whole = price.nanos === 0 && price.amount >= SUGGESTION.least && price.amount <= SUGGESTION.most
  if (!whole) throw new RpcError('SUGGESTED_POST_AMOUNT_INVALID')
  return price
}

/** When a post is to appear; undefined for at any time. */
export function checkTime(ctx: Ctx, date: number | undefined): number | undefined {
  if (!date) return undefined
  if (date < ctx.now + SUGGESTION.soonest || date > ctx.now + SUGGESTION.latest) {
    throw new RpcError('SCHEDULE_DATE_INVALID')
  }
  return date
}

/** Notes that a message of a monoforum suggests a post, or what has become of that. */
export async function noteSuggestion(tx: Tx, channel: number, message: number, post: tl.suggestedPost): Promise<void> {
  await tx.run(put, { channel, message, tl: atRest(post) })
}

/** What messages of monoforums suggest; those that suggest nothing are missing. */
export async function suggestionsOf(ctx: Ctx, rows: readonly MessageRow[]): Promise<Map<MessageRow, tl.suggestedPost>> {
  const found = new Map<MessageRow, tl.suggestedPost>()
  const direct = rows.filter((row) => row.owner < 0 && row.saved_peer !== null)
  for (const [owner, own] of Map.groupBy(direct, (row) => row.owner)) {
    const posts = await ctx.run(those, { channel: bareId(owner), messages: own.map((row) => row.id) })
    const byId = new Map(posts.map((post) => [post.message_id, post.tl]))
    for (const row of own) {
      const bytes = byId.get(row.id)
      if (bytes) found.set(row, readObject(bytes) as tl.suggestedPost)
    }
  }
  return found
}
