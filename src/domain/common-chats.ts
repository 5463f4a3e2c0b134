import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import { bareId, channelPeer, chatPeer } from './peers.ts'

const FURTHEST = Number.MAX_SAFE_INTEGER

const groups = query<{ one: number; other: number; below: number; limit: number }>()((db, p) =>
  db
    .selectFrom('chat_member as a')
    .innerJoin('chat_member as b', 'b.chat_id', 'a.chat_id')
    .innerJoin('chat as c', 'c.id', 'a.chat_id')
    .select('c.id')
    .where('a.user_id', '=', p.one)
    .where('a.gone', '=', 0)
    .where('b.user_id', '=', p.other)
    .where('b.gone', '=', 0)
    .where('c.deactivated', '=', 0)
    .where('c.id', '<', p.below)
    .orderBy('c.id', 'desc')
    .limit(p.limit),
)
const supergroups = query<{ one: number; other: number; below: number; limit: number }>()((db, p) =>
  db
    .selectFrom('channel_member as a')
    .innerJoin('channel_member as b', 'b.channel_id', 'a.channel_id')
    .innerJoin('channel as c', 'c.id', 'a.channel_id')
    .select('c.id')
    .where('a.user_id', '=', p.one)
    .where('a.state', '=', 0)
    .where('b.user_id', '=', p.other)
    .where('b.state', '=', 0)
    .where('c.megagroup', '=', 1)
    .where('c.monoforum', '=', 0)
    .where('c.deleted', '=', 0)
    .where('c.id', '<', p.below)
    .orderBy('c.id', 'desc')
    .limit(p.limit),
)
/** Groups counted at most: of each kind more than anybody can be in. */
const COUNTED = 10_000

/**
 * The groups and supergroups that the viewer and somebody else are in, as marked ids, by their numbers downwards.
 * @param maxId only those with smaller numbers; 0 for all
 */
export async function commonChats(ctx: Ctx, user: number, maxId: number, limit: number): Promise<number[]> {
  const asked = { one: ctx.viewer, other: user, below: maxId > 0 ? maxId : FURTHEST, limit }
  const basic = (await ctx.run(groups, asked)).map((row) => chatPeer(row.id))
  const large = (await ctx.run(supergroups, asked)).map((row) => channelPeer(row.id))
  return [...large, ...basic].sort((a, b) => bareId(b) - bareId(a)).slice(0, limit)
}

/** How many there are: what https://core.telegram.org/constructor/userFull shows. */
export async function countCommonChats(ctx: Ctx, user: number): Promise<number> {
  return (await commonChats(ctx, user, 0, COUNTED)).length
}
