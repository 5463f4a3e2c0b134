import { DAY } from '../../domain/channel-stats.ts'
import { scopeOf } from '../../domain/notify.ts'
import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import { type Around, counted, done, firstEvent, firstMessage, readers, said, sum } from './counters.ts'
import { talkOf } from './talk.ts'

/** Posts whose figures are listed. */
const POSTS = 100
/** How many of the most active are named. */
const TOP = 10

const pair = (current: number, previous: number): tl.statsAbsValueAndPrev => ({
  _: 'statsAbsValueAndPrev',
  current,
  previous,
})

/** How many people there are, and were when the period began. */
export async function memberTrend(around: Around): Promise<tl.statsAbsValueAndPrev> {
  const { members } = around.channel.row
  const counts = await counted(around, ['join', 'leave'], { from: around.from, step: DAY })
  const grown = (metric: string) => sum(counts.get(metric)?.values() ?? [])
  return pair(members, Math.max(0, members - grown('join') + grown('leave')))
}

/** How often a post was seen, forwarded and reacted to: those of the period, and those of the one before it. */
export async function perPost(
  around: Around,
): Promise<Pick<tl.stats_broadcastStats, 'viewsPerPost' | 'sharesPerPost' | 'reactionsPerPost'>> {
  const { from, before } = around
  const current = await averages(around, from, Number.MAX_SAFE_INTEGER)
  const previous = await averages(around, before, from)
  return {
    viewsPerPost: pair(current.views, previous.views),
    sharesPerPost: pair(current.shares, previous.shares),
    reactionsPerPost: pair(current.reactions, previous.reactions),
  }
}

async function averages(around: Around, from: number, to: number) {
  const posts = said(around, await firstMessage(around, from), from)
    .where('message.date', '<', to)
    .where('message.views', 'is not', null)
  const total = await posts
    .select((eb) => [
      eb.fn.countAll<number>().as('posts'),
      eb.fn.sum<number>('views').as('views'),
      eb.fn.sum<number>('forwards').as('shares'),
    ])
    .executeTakeFirstOrThrow()
  const reactions = await posts
    .where('message.reacted', '=', 1)
    .innerJoin('reaction_count as r', 'r.origin', 'message.origin')
    .select((eb) => eb.fn.sum<number>('r.count').as('count'))
    .executeTakeFirstOrThrow()
  const of = (value: number | null) => (Number(total.posts) === 0 ? 0 : Number(value ?? 0) / Number(total.posts))
  return { views: of(total.views), shares: of(total.shares), reactions: of(reactions.count) }
}

/** How many of a channel's people are notified of what it posts: all but those who mute it, or all that is like it. */
export async function notified({ ctx, channel }: Around): Promise<tl.statsPercentValue> {
  const own = String(channel.peer)
  const scope = await scopeOf(ctx, channel.peer)
  const muting = (name: string) =>
    ctx.db
      .selectFrom('notify_setting as n')
      .innerJoin('channel_member as m', (j) =>
        j.onRef('m.user_id', '=', 'n.owner').on('m.channel_id', '=', channel.id).on('m.state', '=', 0),
      )
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('n.scope', '=', name)
      .where('n.mute_until', '>', ctx.now)
  const one = await muting(own).executeTakeFirstOrThrow()
  const all = await muting(scope)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('notify_setting as e')
            .select('e.owner')
            .whereRef('e.owner', '=', 'n.owner')
            .where('e.scope', '=', own)
            .where('e.mute_until', 'is not', null),
        ),
      ),
    )
    .executeTakeFirstOrThrow()
  const { members } = channel.row
  return { _: 'statsPercentValue', part: Math.max(0, members - Number(one.count) - Number(all.count)), total: members }
}

/** What the newest posts have come to. */
export async function recentPosts(around: Around): Promise<tl.PostInteractionCounters[]> {
  const { ctx, channel } = around
  const rows = await ctx.db
    .selectFrom('message')
    .select(['id', 'origin', 'views', 'forwards', 'reacted'])
    .where('owner', '=', channel.peer)
    .where('peer', '=', channel.peer)
    .where('id', '>', channel.row.cleared_to)
    .where('views', 'is not', null)
    .orderBy('id', 'desc')
    .limit(POSTS)
    .execute()
  const reactions = await reactionsOf(
    ctx,
    rows.filter((row) => row.reacted === 1).map((row) => row.origin),
  )
  return rows.map((row) => ({
    _: 'postInteractionCountersMessage',
    msgId: row.id,
    views: row.views ?? 0,
    forwards: row.forwards ?? 0,
    reactions: reactions.get(row.origin) ?? 0,
  }))
}

async function reactionsOf(ctx: Ctx, origins: readonly number[]): Promise<Map<number, number>> {
  if (origins.length === 0) return new Map()
  const rows = await ctx.db
    .selectFrom('reaction_count')
    .select((eb) => ['origin', eb.fn.sum<number>('count').as('count')])
    .where('origin', 'in', origins)
    .groupBy('origin')
    .execute()
  return new Map(rows.map((row) => [row.origin, Number(row.count)]))
}

/** How much was said in a group, by how many, and how many read it: in the period, and in the one before it. */
export async function groupFigures(
  around: Around,
): Promise<Pick<tl.stats_megagroupStats, 'messages' | 'viewers' | 'posters'>> {
  const { ctx, from, before } = around
  const { current, previous } = await talkOf(around)
  return {
    messages: pair(current.messages, previous.messages),
    viewers: pair(await readers(around, from, ctx.now + 1), await readers(around, before, from)),
    posters: pair(current.posters.size, previous.posters.size),
  }
}

/** Who says most in a group, under their own name. */
export async function topPosters(around: Around): Promise<tl.StatsGroupTopPoster[]> {
  const { byAuthor } = await talkOf(around)
  return [...byAuthor]
    .sort(([a, one], [b, two]) => two.messages - one.messages || a - b)
    .slice(0, TOP)
    .map(([userId, { messages, chars }]) => {
      return { _: 'statsGroupTopPoster', userId, messages, avgChars: Math.round(chars / messages) }
    })
}

/** What a group's administrators did to messages and people: those who did most. */
export async function topAdmins(around: Around): Promise<tl.StatsGroupTopAdmin[]> {
  const byUser = await eventsByUser(around, ['delete', 'kick', 'ban'])
  const all = [...byUser].map(([userId, counts]): tl.StatsGroupTopAdmin => {
    const of = (kind: string) => counts.get(kind) ?? 0
    return { _: 'statsGroupTopAdmin', userId, deleted: of('delete'), kicked: of('kick'), banned: of('ban') }
  })
  const acts = (one: tl.StatsGroupTopAdmin) => one.deleted + one.kicked + one.banned
  return all.sort((a, b) => acts(b) - acts(a)).slice(0, TOP)
}

/** Who has brought most people into a group. */
export async function topInviters(around: Around): Promise<tl.StatsGroupTopInviter[]> {
  const byUser = await eventsByUser(around, ['invite'])
  return [...byUser]
    .map(([userId, counts]): tl.StatsGroupTopInviter => {
      return { _: 'statsGroupTopInviter', userId, invitations: counts.get('invite') ?? 0 }
    })
    .sort((a, b) => b.invitations - a.invitations)
    .slice(0, TOP)
}

async function eventsByUser(around: Around, kinds: readonly string[]): Promise<Map<number, Map<string, number>>> {
  const rows = await done(around, await firstEvent(around, around.from), around.from, kinds)
    .select((eb) => ['user_id', 'kind', eb.fn.countAll<number>().as('count')])
    .where('user_id', '>', 0)
    .groupBy(['user_id', 'kind'])
    .orderBy('user_id')
    .execute()
  const byUser = new Map<number, Map<string, number>>()
  for (const row of rows) {
    const own = byUser.get(row.user_id) ?? new Map<string, number>()
    own.set(row.kind, Number(row.count))
    byUser.set(row.user_id, own)
  }
  return byUser
}
