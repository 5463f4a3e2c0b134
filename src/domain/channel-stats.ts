import type { App } from '../rpc/app.ts'
import { type Ctx, systemCtx, type Tx } from '../rpc/context.ts'
import { type JobRunner, schedule } from '../rpc/jobs.ts'
import { query } from '../storage/index.ts'
import type { ChannelRef } from './access.ts'
import { isAdmin, isIn } from './channel-rights.ts'

export const HOUR = 3600
export const DAY = 86_400

/** What is counted of a channel by the hour. */
export type Metric = 'join' | 'leave' | 'view' | 'share' | 'react' | 'mute' | 'unmute'

/** How somebody came into a channel, as the statistics tell it apart. */
export type JoinSource = 'public' | 'link' | 'request' | 'folder' | 'added'

const add = query<{ channel: number; message: number; metric: string; hour: number; key: string; by: number }>()(
  (db, p) =>
    db
      .insertInto('channel_stat')
      .values({
        channel_id: p.channel,
        message_id: p.message,
        metric: p.metric,
        hour: p.hour,
        key: p.key,
        count: p.by,
      })
      .onConflict((c) =>
        c
          .columns(['channel_id', 'message_id', 'metric', 'hour', 'key'])
          .doUpdateSet((eb) => ({ count: eb('channel_stat.count', '+', eb.ref('excluded.count')) })),
      ),
)
const visit = query<{ channel: number; day: number; user: number; lang: string }>()((db, p) =>
  db
    .insertInto('channel_visit')
    .values({ channel_id: p.channel, day: p.day, user_id: p.user, lang: p.lang })
    .onConflict((c) => c.columns(['channel_id', 'day', 'user_id']).doNothing()),
)

const floor = (time: number, step: number) => time - (time % step)
export const dayOf = (time: number): number => floor(time, DAY)

/** Counts in the transaction at hand: for what is rare, and changes rows of the channel anyway. */
export async function countStat(tx: Tx, channelId: number, metric: Metric, key = ''): Promise<void> {
  await tx.run(add, { channel: channelId, message: 0, metric, hour: floor(tx.now, HOUR), key, by: 1 })
}

/** A count that waits to be written, and where it belongs. */
interface Count {
  channel: number
  message: number
  metric: Metric
  hour: number
  key: string
  by: number
}

interface Visit {
  channel: number
  day: number
  user: number
  lang: string
}

/**
 * What has happened since the last writing. Views, forwards, reactions and reading are so frequent that they are
 * counted in memory and written together. The posts' own counters are exact and durable; what a power cut loses is at
 * most the last FLUSH_MS of the statistics by the hour, and what other nodes have counted is seen that much later.
 */
interface Tally {
  readonly counts: Map<string, Count>
  readonly visits: Map<string, Visit>
  /** Who is written already as a reader of `day`. */
  readonly known: Set<string>
  day: number
  timer: NodeJS.Timeout | undefined
  writing: Promise<void> | undefined
}

const FLUSH_MS = 30_000
/** More than so many are written at once, and readers that are remembered. */
const HELD = 5000
const KNOWN = 50_000
/** Rows in one transaction. */
const BATCH = 500

const tallies = new WeakMap<App, Tally>()

function tallyOf(app: App): Tally {
  let tally = tallies.get(app)
  if (tally === undefined) {
    const { counts, visits, known } = { counts: new Map(), visits: new Map(), known: new Set<string>() }
    tally = { counts, visits, known, day: 0, timer: undefined, writing: undefined }
    tallies.set(app, tally)
  }
  return tally
}

function waitFor(app: App, tally: Tally): void {
  if (tally.counts.size + tally.visits.size >= HELD) void flushStats(app)
  else tally.timer ??= setTimeout(() => void flushStats(app), FLUSH_MS).unref()
}

function note(app: App, count: Omit<Count, 'by'>): void {
  const tally = tallyOf(app)
  const name = `${count.channel} ${count.message} ${count.metric} ${count.hour} ${count.key}`
  const held = tally.counts.get(name)
  if (held) held.by++
  else tally.counts.set(name, { ...count, by: 1 })
  waitFor(app, tally)
}

/** A message is counted by the hour while it is young, later by the day. */
export const YOUNG = 3 * DAY

/** Counts for messages and their channel, once what it is about is durable. https://core.telegram.org/api/stats */
export function noteStats(
  ctx: Ctx,
  channelId: number,
  messages: Iterable<{ id: number; date: number }>,
  metric: 'view' | 'share' | 'react',
  key: string,
): void {
  const hour = floor(ctx.now, HOUR)
  const at = { channel: channelId, metric, key }
  for (const { id: message, date } of messages) {
    note(ctx.app, { ...at, message: 0, hour })
    note(ctx.app, { ...at, message, hour: ctx.now - date < YOUNG ? hour : dayOf(hour) })
  }
}

/** Notes that the one who asks reads in a channel. */
export function noteVisit(ctx: Ctx, channelId: number): void {
  const tally = tallyOf(ctx.app)
  const day = dayOf(ctx.now)
  if (tally.day !== day || tally.known.size > KNOWN) {
    tally.known.clear()
    tally.day = day
  }
  const name = `${channelId} ${ctx.userId}`
  if (tally.known.has(name)) return
  tally.known.add(name)
  const lang = /^[a-z]{2,3}/.exec(ctx.session?.auth.device?.langCode.toLowerCase() ?? '')?.[0] ?? ''
  tally.visits.set(`${name} ${day}`, { channel: channelId, day, user: ctx.userId, lang })
  waitFor(ctx.app, tally)
}

/** Notes that the one who asks has seen posts. */
export function noteViews(ctx: Ctx, channel: ChannelRef, posts: Iterable<{ id: number; date: number }>): void {
  noteStats(ctx, channel.id, posts, 'view', isIn(channel.member) ? 'member' : 'other')
  noteVisit(ctx, channel.id)
}

/** Writes what was counted in memory: before statistics are read, and before the server stops. */
export async function flushStats(app: App): Promise<void> {
  const tally = tallyOf(app)
  while (tally.writing) await tally.writing
  clearTimeout(tally.timer)
  tally.timer = undefined
  if (tally.counts.size === 0 && tally.visits.size === 0) return
  tally.writing = write(app, tally).finally(() => {
    tally.writing = undefined
  })
  await tally.writing
}

async function write(app: App, tally: Tally): Promise<void> {
  // In the order of their keys, so that two nodes never wait for each other.
  const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1)
  const counts = [...tally.counts].sort(byName).map(([, count]) => count)
  const visits = [...tally.visits].sort(byName).map(([, one]) => one)
  tally.counts.clear()
  tally.visits.clear()
  const ctx = systemCtx(app)
  try {
    for (let at = 0; at < counts.length; at += BATCH) {
      await ctx.transact(async (tx) => {
        for (const count of counts.slice(at, at + BATCH)) await tx.run(add, count)
      })
    }
    for (let at = 0; at < visits.length; at += BATCH) {
      await ctx.transact(async (tx) => {
        for (const one of visits.slice(at, at + BATCH)) await tx.run(visit, one)
      })
    }
    await ctx.transact(sweepLater)
  } catch (error) {
    app.log.warn({ err: error }, 'statistics of channels could not be written')
  }
}

const SWEEP = 'stats.sweep'
/** How long counters are kept: of messages and readers for a season, of channels for a year and a bit. */
const KEPT_SHORT = 92 * DAY
const KEPT_LONG = 400 * DAY

async function sweepLater(tx: Tx): Promise<void> {
  const known = await tx.trx.selectFrom('job').select('id').where('id', '=', SWEEP).executeTakeFirst()
  if (!known) await schedule(tx, { id: SWEEP, kind: SWEEP, owner: 0, dueAt: tx.now + DAY })
}

/** Deletes old counters, some at a time: those of a day in one channel, of an hour in all. */
async function sweep(ctx: Ctx): Promise<void> {
  const short = ctx.now - KEPT_SHORT
  for (;;) {
    const old = await ctx.db
      .selectFrom('channel_visit')
      .select(['day', 'channel_id'])
      .where('day', '<', short)
      .orderBy('day')
      .limit(1)
      .executeTakeFirst()
    if (!old) break
    await ctx.transact((tx) =>
      tx.trx.deleteFrom('channel_visit').where('channel_id', '=', old.channel_id).where('day', '=', old.day).execute(),
    )
  }
  // The nought is written out: the indexes are of one kind of counters each.
  for (const [of, before] of [
    ['>', short],
    ['=', ctx.now - KEPT_LONG],
  ] as const) {
    for (;;) {
      const old = await ctx.db
        .selectFrom('channel_stat')
        .select((eb) => eb.fn.min<number | null>('hour').as('hour'))
        .where((eb) => eb('message_id', of, eb.lit(0)))
        .where('hour', '<', before)
        .executeTakeFirst()
      const hour = old?.hour
      if (hour === null || hour === undefined) break
      await ctx.transact((tx) =>
        tx.trx
          .deleteFrom('channel_stat')
          .where('hour', '=', hour)
          .where((eb) => eb('message_id', of, eb.lit(0)))
          .execute(),
      )
    }
  }
}

export const statsJobs: Record<string, JobRunner> = { [SWEEP]: (ctx) => sweep(ctx) }

/**
 * Whether the viewer may see a channel's statistics: its administrators, where it has as many members as the operator
 * says. https://core.telegram.org/api/stats
 */
export function mayViewStats(ctx: Ctx, channel: ChannelRef): boolean {
  const { member, row } = channel
  return isAdmin(member) && row.monoforum === 0 && row.members >= ctx.app.config.limits.statsMembers
}
