import { sql } from 'kysely'
import type { ChannelRef } from '../../domain/access.ts'
import { DAY, dayOf, HOUR, type Metric } from '../../domain/channel-stats.ts'
import type { Ctx } from '../../rpc/context.ts'
import { query } from '../../storage/index.ts'

/** What statistics are about, and from when to when. */
export interface Around {
  ctx: Ctx
  channel: ChannelRef
  /** The present day's beginning, that of the period's first day, and of the period before it. */
  today: number
  from: number
  before: number
}

/** Days of a period. */
const PERIOD = 7

export function around(ctx: Ctx, channel: ChannelRef): Around {
  const today = dayOf(ctx.now)
  const from = today - (PERIOD - 1) * DAY
  return { ctx, channel, today, from, before: from - PERIOD * DAY }
}

/** The last so many days up to the present one, the oldest first; none before the channel was made. */
export function lastDays({ channel, today }: Around, count: number): number[] {
  const first = Math.max(today - (count - 1) * DAY, dayOf(channel.row.date))
  return Array.from({ length: Math.max(0, (today - first) / DAY + 1) }, (_, i) => first + i * DAY)
}

export const hoursOf = (day: number): number[] => Array.from({ length: 24 }, (_, i) => day + i * HOUR)

/** Counts by what they are counted for and by the point of time they fall on. */
export type Counts = Map<string, Map<number, number>>

/** One series of counts at these points of time. */
export const at = (counts: Counts, key: string, x: readonly number[]): number[] =>
  x.map((time) => counts.get(key)?.get(time) ?? 0)

export const sum = (values: Iterable<number>): number => {
  let all = 0
  for (const value of values) all += value
  return all
}

function put(counts: Counts, key: string, time: number, count: number): void {
  let series = counts.get(key)
  if (!series) counts.set(key, (series = new Map()))
  series.set(time, (series.get(time) ?? 0) + count)
}

/** Rounds a column of unix seconds down to the beginning of its hour or day. */
export const rounded = (column: string, step: number) => sql<number>`${sql.ref(column)} / ${sql.lit(step)}`

/**
 * What was counted of some metrics from a time on, by hours or days. Keys are `metric` where `by` says so, else the
 * counters' own.
 */
export async function counted(
  { ctx, channel }: Around,
  metrics: readonly Metric[],
  options: { from: number; to?: number; step: number; by?: 'metric' | 'key'; message?: number },
): Promise<Counts> {
  const { from, to = Number.MAX_SAFE_INTEGER, step, by = 'metric', message = 0 } = options
  const time = rounded('hour', step)
  const rows = await ctx.db
    .selectFrom('channel_stat')
    .select([by, time.as('time')])
    .select((eb) => eb.fn.sum<number>('count').as('count'))
    .where('channel_id', '=', channel.id)
    .where('message_id', '=', message)
    .where('metric', 'in', metrics)
    .where('hour', '>=', from)
    .where('hour', '<', to)
    .groupBy([by, time])
    .execute()
  const counts: Counts = new Map()
  for (const row of rows)
    put(counts, (row as unknown as Record<string, string>)[by]!, row.time * step, Number(row.count))
  return counts
}

/** Readers of a channel by the day and the language of their clients. */
export async function readersByLanguage({ ctx, channel }: Around, from: number): Promise<Counts> {
  const rows = await ctx.db
    .selectFrom('channel_visit')
    .select(['day', 'lang'])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('channel_id', '=', channel.id)
    .where('day', '>=', from)
    .groupBy(['day', 'lang'])
    .execute()
  const counts: Counts = new Map()
  for (const row of rows) put(counts, row.lang, row.day, Number(row.count))
  return counts
}

/** How many different people read in a channel between two days. */
export async function readers({ ctx, channel }: Around, from: number, to: number): Promise<number> {
  const row = await ctx.db
    .selectFrom('channel_visit')
    .select((eb) => eb.fn.count<number>('user_id').distinct().as('count'))
    .where('channel_id', '=', channel.id)
    .where('day', '>=', from)
    .where('day', '<', to)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Further back than so many messages or recent actions nothing is counted. */
const MESSAGES = 300_000
const EVENTS = 50_000

const messageFrom = query<{ owner: number; id: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select(['id', 'date'])
    .where('owner', '=', p.owner)
    .where('id', '>=', p.id)
    .orderBy('id')
    .limit(1),
)
const eventFrom = query<{ owner: number; id: number }>()((db, p) =>
  db
    .selectFrom('channel_event')
    .select(['id', 'date'])
    .where('channel_id', '=', p.owner)
    .where('id', '>=', p.id)
    .orderBy('id')
    .limit(1),
)

/** Ids grow with time: the first one of a time is found by halving. */
async function firstSince(
  read: (id: number) => Promise<{ id: number; date: number } | undefined>,
  last: number,
  most: number,
  date: number,
): Promise<number> {
  let low = Math.max(1, last - most)
  let high = last + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = await read(middle)
    if (!row || row.date >= date) high = middle
    else low = row.id + 1
  }
  return low
}

/** The id of a channel's first message of a time. */
export function firstMessage({ ctx, channel }: Around, date: number): Promise<number> {
  const read = async (id: number) => (await ctx.run(messageFrom, { owner: channel.peer, id }))[0]
  return firstSince(read, channel.row.top_message, MESSAGES, date)
}

/** The id of a channel's first recent action of a time. */
export async function firstEvent({ ctx, channel }: Around, date: number): Promise<number> {
  const last = await ctx.db
    .selectFrom('channel_event')
    .select((eb) => eb.fn.max<number>('id').as('id'))
    .where('channel_id', '=', channel.id)
    .executeTakeFirst()
  const read = async (id: number) => (await ctx.run(eventFrom, { owner: channel.id, id }))[0]
  return firstSince(read, last?.id ?? 0, EVENTS, date)
}

/** What was said in a channel from a time on, which is that of `first`: without what the channel itself tells. */
export function said({ ctx, channel }: Around, first: number, date: number) {
  return ctx.db
    .selectFrom('message')
    .where('message.owner', '=', channel.peer)
    .where('message.id', '>=', first)
    .where('message.date', '>=', date)
    .where('message.action', 'is', null)
}

/** Recent actions of these kinds from a time on, which is that of `first`. */
export function done({ ctx, channel }: Around, first: number, date: number, kinds: readonly string[]) {
  return ctx.db
    .selectFrom('channel_event')
    .where('channel_id', '=', channel.id)
    .where('id', '>=', first)
    .where('date', '>=', date)
    .where('kind', 'in', kinds)
}

/** Rows of counts by a time in steps and what they are for. */
export function asCounts(
  rows: readonly { key: string; time: number; count: number | string | bigint }[],
  step: number,
): Counts {
  const counts: Counts = new Map()
  for (const row of rows) put(counts, row.key, Number(row.time) * step, Number(row.count))
  return counts
}
