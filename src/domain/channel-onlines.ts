import { sql } from 'kysely'
import type { App } from '../rpc/app.ts'
import type { Ctx } from '../rpc/context.ts'
import type { ChannelRow } from './channel-rows.ts'

/** Of a channel with more members the number is kept for so many seconds, for so many channels. */
const LARGE = 1000
const KEPT = 30
const CHANNELS = 1000

const counted = new WeakMap<App, Map<number, { at: number; onlines: number }>>()

/** How many of a channel's members are online; in large ones, were lately. */
export async function channelOnlines(ctx: Ctx, channel: ChannelRow): Promise<number> {
  if (channel.members <= LARGE) return count(ctx, channel.id, false)
  let known = counted.get(ctx.app)
  if (!known) counted.set(ctx.app, (known = new Map()))
  const before = known.get(channel.id)
  if (before && ctx.now - before.at < KEPT) return before.onlines
  const onlines = await count(ctx, channel.id, true)
  known.delete(channel.id)
  known.set(channel.id, { at: ctx.now, onlines })
  if (known.size > CHANNELS) known.delete(known.keys().next().value!)
  return onlines
}

// In a small channel its members are looked at, in a large one everybody who is online. The plus keeps the index of the
// other way out of it.
async function count(ctx: Ctx, channelId: number, large: boolean): Promise<number> {
  const online = large ? sql<boolean>`u.online_until > ${ctx.now}` : sql<boolean>`+u.online_until > ${ctx.now}`
  const { onlines } = await ctx.db
    .selectFrom('channel_member as m')
    .innerJoin('user as u', 'u.id', 'm.user_id')
    .select((eb) => eb.fn.countAll<number>().as('onlines'))
    .where('m.channel_id', '=', channelId)
    .where(large ? sql<boolean>`+m.state = 0` : sql<boolean>`m.state = 0`)
    .where(online)
    .executeTakeFirstOrThrow()
  return onlines
}
