import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { STATE } from './channel-rows.ts'
import type { MessageRow } from './message-rows.ts'
import { byMember } from './message-view.ts'
import { bareId } from './peers.ts'

const ranks = query<{ channel: number; users: readonly number[] }>({ table: 'channel_member' })((db, p, d) =>
  db
    .selectFrom('channel_member')
    .select(['user_id', 'rank'])
    .where('channel_id', '=', p.channel)
    .where('user_id', 'in', d.each(p.users) as never)
    .where('state', '=', STATE.in)
    .where('rank', 'is not', null),
)

/**
 * Adds to messages of supergroups the tags that their authors have now: one question for all of a group's. Rows that
 * were just written know them. https://core.telegram.org/api/rank
 */
export async function addRanks(ctx: Ctx, rows: readonly MessageRow[], views: readonly tl.Message[]): Promise<void> {
  const unknown = rows.filter((row) => row.rank === undefined && byMember(row) && !row.action)
  if (unknown.length === 0) return
  const groups = await Promise.all(
    [...Map.groupBy(unknown, (row) => row.owner)].map(async ([owner, own]) => {
      const users = [...new Set(own.map((row) => row.from_id))].sort((a, b) => a - b)
      const found = await ctx.run(ranks, { channel: bareId(owner), users })
      return [owner, new Map(found.map((one) => [one.user_id, one.rank]))] as const
    }),
  )
  const byOwner = new Map(groups)
  rows.forEach((row, i) => {
    if (row.rank !== undefined || !byMember(row) || row.action) return
    const rank = byOwner.get(row.owner)?.get(row.from_id)
    if (rank) (views[i] as tl.message).fromRank = rank
  })
}
