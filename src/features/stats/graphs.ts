import { DAY, dayOf, HOUR, type Metric } from '../../domain/channel-stats.ts'
import type * as tl from '../../tl/gen/types.ts'
import { type Chart, type Color, drawn, type Line, PALETTE } from './chart.ts'
import { type Around, at, type Counts, counted, hoursOf, lastDays, readersByLanguage, sum } from './counters.ts'
import { EMOTIONS, emotionOf } from './emotions.ts'
import { actions, messagesByKind, weekdays } from './group-graphs.ts'
import { postReactions, postViews } from './message-graphs.ts'
import { talkOf } from './talk.ts'
import { tokenOf } from './tokens.ts'

/** Days that the graphs of a channel go back, and those that are shown at first. */
const DAYS = 90
const SHOWN = 30
/** Languages that have a line of their own. */
const LANGUAGES = 7

/** A graph of some message or of a channel; with `day`, the details of that day by the hour. */
export type Build = (around: Around, message: number, day?: number) => Promise<Chart | undefined>
interface Graph {
  build: Build
  /** Its points can be looked at in detail. */
  zooms?: boolean
}

const xOf = (around: Around, day: number | undefined) =>
  day === undefined
    ? { x: lastDays(around, DAYS), step: DAY, unit: 'day' as const, shown: SHOWN }
    : { x: hoursOf(day), step: HOUR, unit: 'hour' as const }

const rangeOf = (x: readonly number[], step: number) => ({ from: x[0] ?? 0, to: (x.at(-1) ?? 0) + step, step })

/** How many people there were at the end of each day: counted back from how many there are. */
const growth: Build = async (around) => {
  const x = lastDays(around, DAYS)
  const counts = await counted(around, ['join', 'leave'], rangeOf(x, DAY))
  const [joined, left] = [at(counts, 'join', x), at(counts, 'leave', x)]
  const values: number[] = []
  let members = around.channel.row.members
  for (let i = x.length - 1; i >= 0; i--) {
    values[i] = Math.max(0, members)
    members += left[i]! - joined[i]!
  }
  const name = around.channel.row.megagroup === 1 ? 'Total members' : 'Total followers'
  return { type: 'line', x, unit: 'day', lines: [{ name, color: 'blue', values }], shown: SHOWN }
}

/** Two metrics, each a line. */
function pair(type: 'line' | 'step', metrics: readonly [Metric, string, Color][]): Build {
  return async (around, _message, day) => {
    const { step, ...axis } = xOf(around, day)
    const names = metrics.map(([metric]) => metric)
    const counts = await counted(around, names, rangeOf(axis.x, step))
    const lines = metrics.map(([metric, name, color]): Line => ({ name, color, values: at(counts, metric, axis.x) }))
    return { type, ...axis, lines, ...(type === 'step' ? { yScaled: true } : {}) }
  }
}

/** One metric, by what it was counted for, as bars on each other. */
function stacks(metric: Metric, names: Readonly<Record<string, string>>, kindOf = (key: string) => key): Build {
  return async (around, _message, day) => {
    const { step, ...axis } = xOf(around, day)
    const counts = await counted(around, [metric], { ...rangeOf(axis.x, step), by: 'key' })
    return { type: 'bar', ...axis, lines: byKind(counts, axis.x, names, kindOf) }
  }
}

/** A line for each kind that there is anything of, in the order of their names. */
export function byKind(
  counts: Counts,
  x: readonly number[],
  names: Readonly<Record<string, string>>,
  kindOf: (key: string) => string,
): Line[] {
  const keys = [...counts.keys()]
  return Object.entries(names).flatMap(([kind, name], i) => {
    const own = keys.filter((key) => kindOf(key) === kind)
    if (own.length === 0) return []
    const values = x.map((time) => sum(own.map((key) => counts.get(key)?.get(time) ?? 0)))
    return [{ name, color: PALETTE[i % PALETTE.length]!, values }]
  })
}

export const EMOTION_NAMES = Object.fromEntries(EMOTIONS.map((emotion) => [emotion, emotion]))

const SOURCES = {
  link: 'Invite links',
  public: 'Username',
  request: 'Join requests',
  folder: 'Shared folders',
  added: 'Added by members',
}

const languages: Build = async (around) => {
  const x = lastDays(around, SHOWN)
  const counts = await readersByLanguage(around, x[0] ?? 0)
  const total = (lang: string) => sum(at(counts, lang, x))
  const ranked = [...counts.keys()].filter((lang) => lang !== '').sort((a, b) => total(b) - total(a))
  const named = ranked.slice(0, LANGUAGES)
  const english = new Intl.DisplayNames(['en'], { type: 'language' })
  const names = Object.fromEntries(named.map((lang) => [lang, english.of(lang) ?? lang]))
  const lines = byKind(counts, x, { ...names, other: 'Other' }, (lang) => (named.includes(lang) ? lang : 'other'))
  return { type: 'area', x, unit: 'day', lines }
}

const short = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' })
const rangeName = (from: number, days: number) =>
  `${short.format(from * 1000)} – ${short.format((from + (days - 1) * DAY) * 1000)}`

/** The hours of the day of this period and of the one before: when posts are seen, or when people talk. */
const topHours: Build = async (around) => {
  const { from, before } = around
  const now = new Array<number>(24).fill(0)
  const then = new Array<number>(24).fill(0)
  const add = (hour: number, count: number) => {
    const values = hour >= from ? now : then
    values[(hour % DAY) / HOUR]! += count
  }
  if (around.channel.row.megagroup === 1) {
    for (const hours of (await talkOf(around)).byKind.values()) {
      for (const [hour, count] of hours) if (hour >= before) add(hour, count)
    }
  } else {
    const counts = await counted(around, ['view'], { from: before, step: HOUR })
    for (const [hour, count] of counts.get('view') ?? []) add(hour, count)
  }
  const lines: Line[] = [
    { name: rangeName(from, 7), color: 'blue', values: now },
    { name: rangeName(before, 7), color: 'lightblue', values: then },
  ]
  return { type: 'line', x: Array.from({ length: 24 }, (_, i) => i), unit: 'hourOfDay', lines }
}

/** Every graph, by the name that its tokens carry. */
export const GRAPHS = {
  growth: { build: growth },
  followers: {
    build: pair('line', [
      ['join', 'Joined', 'green'],
      ['leave', 'Left', 'red'],
    ]),
    zooms: true,
  },
  mute: {
    build: pair('line', [
      ['unmute', 'Unmuted', 'green'],
      ['mute', 'Muted', 'red'],
    ]),
    zooms: true,
  },
  topHours: { build: topHours },
  interactions: {
    build: pair('step', [
      ['view', 'Views', 'blue'],
      ['share', 'Shares', 'golden'],
    ]),
    zooms: true,
  },
  viewsBySource: { build: stacks('view', { member: 'Followers', other: 'Others' }), zooms: true },
  joinsBySource: { build: stacks('join', SOURCES), zooms: true },
  reactions: { build: stacks('react', EMOTION_NAMES, emotionOf), zooms: true },
  languages: { build: languages },
  messages: { build: messagesByKind, zooms: true },
  actions: { build: actions },
  weekdays: { build: weekdays },
  postViews: { build: postViews },
  postReactions: { build: postReactions },
} as const satisfies Record<string, Graph>
export type GraphName = keyof typeof GRAPHS

const named = (around: Around, graph: GraphName, dark: boolean, message: number) => ({
  graph,
  channel: around.channel.id,
  message,
  dark,
})

/** A graph of a channel, or of one of its messages. */
export async function graphNow(around: Around, graph: GraphName, dark: boolean, message = 0): Promise<tl.StatsGraph> {
  const { build, zooms }: Graph = GRAPHS[graph]
  const token = zooms ? tokenOf(around.ctx, { ...named(around, graph, dark, message), zoom: true }) : undefined
  return drawn(await build(around, message), dark, token)
}

/** The same for later: what is not looked at is not counted. */
export function graphLater(around: Around, graph: GraphName, dark: boolean, message = 0): tl.statsGraphAsync {
  const token = tokenOf(around.ctx, { ...named(around, graph, dark, message), zoom: false })
  return { _: 'statsGraphAsync', token }
}

/** The details of one point of a graph: its day by the hour. */
export async function graphOfDay(around: Around, graph: GraphName, dark: boolean, x: bigint): Promise<tl.StatsGraph> {
  const { build }: Graph = GRAPHS[graph]
  return drawn(await build(around, 0, dayOf(Number(x / 1000n))), dark)
}
