import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { addRanks } from './author-ranks.ts'
import { addExtras } from './extras.ts'
import type { MessageRow } from './message-rows.ts'
import { MEDIA_KIND, viewMessage } from './message-view.ts'
import { bareId, isMonoforum } from './peers.ts'

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
  await Promise.all([addExtras(ctx, rows, views), addRanks(ctx, rows, views)])
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

const named = query<{ channel: number; ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('channel_mention')
    .select('user_id')
    .where('channel_id', '=', p.channel)
    .where('message_id', 'in', d.each(p.ids) as never),
)
const listeners = query<{ channel: number; ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('channel_seen')
    .select('user_id')
    .where('channel_id', '=', p.channel)
    .where('message_id', 'in', d.each(p.ids) as never)
    .where('what', '=', 'heard'),
)

/**
 * Whoever sees a channel's messages otherwise than the rest of its members: who wrote them, whom they name, who has
 * listened to them. Undefined where everybody sees something of their own: their votes, their reactions.
 */
export async function othersOf(ctx: Ctx, rows: readonly MessageRow[]): Promise<number[] | undefined> {
  const own: number[] = []
  const naming: number[] = []
  const voices: number[] = []
  for (const row of rows) {
    // Of direct messages everybody sees their own.
    if ((row.replies ?? 0) > 0 || isMonoforum(row.owner)) return undefined
    if (row.reacted === 1 || (row.media_kind & (MEDIA_KIND.poll | MEDIA_KIND.factCheck)) !== 0) return undefined
    if (row.sender !== null) own.push(row.sender)
    if (row.mentioned === 1) naming.push(row.id)
    if (row.media_unread === 1) voices.push(row.id)
  }
  const channel = rows.length > 0 ? bareId(rows[0]!.owner) : 0
  if (naming.length > 0) for (const one of await ctx.run(named, { channel, ids: naming })) own.push(one.user_id)
  if (voices.length > 0) for (const one of await ctx.run(listeners, { channel, ids: voices })) own.push(one.user_id)
  return own
}
