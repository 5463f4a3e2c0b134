import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { addExtras } from './extras.ts'
import type { MessageRow } from './message-rows.ts'
import { viewMessage } from './message-view.ts'
import { bareId } from './peers.ts'

const mentions = query<{ channel: number; user: number; ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('channel_mention')
    .select(['message_id', 'seen'])
    .where('channel_id', '=', p.channel)
    .where('user_id', '=', p.user)
    .where('message_id', 'in', d.each(p.ids) as never),
)
const heard = query<{ channel: number; user: number; ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('channel_seen')
    .select('message_id')
    .where('channel_id', '=', p.channel)
    .where('message_id', 'in', d.each(p.ids) as never)
    .where('what', '=', 'heard')
    .where('user_id', '=', p.user),
)

/**
 * Messages as their viewer sees them. A channel's rows are one for everybody: whether they name the viewer, and what of
 * them the viewer has not listened to, is looked up for the few of which it matters.
 */
export async function viewMessages(ctx: Ctx, rows: readonly MessageRow[]): Promise<tl.Message[]> {
  const views = rows.map((row) => viewMessage(ctx, row))
  await addExtras(ctx, rows, views)
  const marked = rows.filter((row) => row.owner < 0 && (row.mentioned === 1 || row.media_unread === 1))
  if (marked.length === 0 || ctx.viewer === 0) return views
  const byOwner = Map.groupBy(marked, (row) => row.owner)
  for (const [owner, own] of byOwner) {
    const key = { channel: bareId(owner), user: ctx.viewer }
    const naming = own.filter((row) => row.mentioned === 1).map((row) => row.id)
    const seen = new Map<number, number>()
    if (naming.length > 0) {
      for (const one of await ctx.run(mentions, { ...key, ids: naming })) seen.set(one.message_id, one.seen)
    }
    const voices = own.filter((row) => row.media_unread === 1).map((row) => row.id)
    const listened = new Set<number>()
    if (voices.length > 0) for (const one of await ctx.run(heard, { ...key, ids: voices })) listened.add(one.message_id)
    rows.forEach((row, i) => {
      if (row.owner !== owner) return
      const view = views[i] as tl.message
      const named = seen.get(row.id)
      if (named !== undefined) view.mentioned = true
      const unheard = row.media_unread === 1 && row.sender !== ctx.viewer && !listened.has(row.id)
      view.mediaUnread = named === 0 || unheard || undefined
    })
  }
  return views
}
