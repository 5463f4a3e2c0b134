import type { Selectable } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import { query, type Tables } from '../storage/index.ts'
import { channelPeer } from './peers.ts'

export type ChannelRow = Selectable<Tables['channel']>
export type ChannelMemberRow = Selectable<Tables['channel_member']>

/** Whether somebody is in a channel. */
export const STATE = { in: 0, left: 1, kicked: 2 } as const

const byId = query<{ id: number }>({ table: 'channel', byId: true })((db, p) =>
  db.selectFrom('channel').selectAll().where('id', '=', p.id),
)
const byIds = query<{ ids: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('channel')
    .selectAll()
    .where('id', 'in', d.each(p.ids) as never),
)
const member = query<{ channel: number; user: number }>({ table: 'channel_member' })((db, p) =>
  db.selectFrom('channel_member').selectAll().where('channel_id', '=', p.channel).where('user_id', '=', p.user),
)
const memberships = query<{ channels: readonly number[]; user: number }>({ table: 'channel_member' })((db, p, d) =>
  db
    .selectFrom('channel_member')
    .selectAll()
    .where('channel_id', 'in', d.each(p.channels) as never)
    .where('user_id', '=', p.user),
)
const ofUser = query<{ user: number }>()((db, p) =>
  db.selectFrom('channel_member').select('channel_id').where('user_id', '=', p.user).where('state', '=', STATE.in),
)
const admins = query<{ channel: number }>()((db, p) =>
  db
    .selectFrom('channel_member')
    .selectAll()
    .where('channel_id', '=', p.channel)
    .where('role', '>', 0)
    .orderBy('role', 'desc')
    .orderBy('user_id'),
)

/** Up to so many are read one by one, since each may be remembered. */
const FEW = 3

export async function channelRow(ctx: Ctx, id: number): Promise<ChannelRow | undefined> {
  const [row] = await ctx.run(byId, { id })
  return row
}

export async function channelRows(ctx: Ctx, ids: readonly number[]): Promise<Map<number, ChannelRow>> {
  if (ids.length > FEW) return new Map((await ctx.run(byIds, { ids })).map((row) => [row.id, row]))
  const rows = new Map<number, ChannelRow>()
  for (const row of await Promise.all(ids.map((id) => channelRow(ctx, id)))) if (row) rows.set(row.id, row)
  return rows
}

/** What a channel knows of somebody: also of who has left, or was removed. */
export async function channelMember(ctx: Ctx, channel: number, user: number): Promise<ChannelMemberRow | undefined> {
  const [row] = await ctx.run(member, { channel, user })
  return row
}

/** One account's memberships in several channels, by the channel. */
export async function channelMemberships(
  ctx: Ctx,
  channels: readonly number[],
  user: number,
): Promise<Map<number, ChannelMemberRow>> {
  return new Map((await ctx.run(memberships, { channels, user })).map((row) => [row.channel_id, row]))
}

/** The channels an account is in, by their marked ids. */
export async function channelsOf(ctx: Pick<Ctx, 'run'>, user: number): Promise<number[]> {
  return (await ctx.run(ofUser, { user })).map((row) => channelPeer(row.channel_id))
}

/** The creator and the administrators. */
export async function channelAdmins(ctx: Ctx, channel: number): Promise<ChannelMemberRow[]> {
  return ctx.run(admins, { channel })
}
