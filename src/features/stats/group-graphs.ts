import { sql } from 'kysely'
import { DAY, HOUR } from '../../domain/channel-stats.ts'
import { MEDIA_KIND } from '../../domain/message-view.ts'
import { type Chart, type Line, PALETTE } from './chart.ts'
import {
  type Around,
  asCounts,
  at,
  done,
  firstEvent,
  firstMessage,
  hoursOf,
  lastDays,
  rounded,
  said,
  sum,
} from './counters.ts'

/** Days that a group's graphs go back, and weeks of the one by weekdays. */
const DAYS = 30
const WEEKS = 8

const KINDS: readonly (readonly [name: string, bits: number])[] = [
  ['Text', 0],
  ['Photos', MEDIA_KIND.photo],
  ['Videos', MEDIA_KIND.video | MEDIA_KIND.roundVideo | MEDIA_KIND.gif],
  ['Voice messages', MEDIA_KIND.voice],
  ['Stickers', MEDIA_KIND.sticker],
  ['Files and music', MEDIA_KIND.document | MEDIA_KIND.music],
]

const kindOf = (bits: number): string => KINDS.find(([, own]) => (own & bits) !== 0)?.[0] ?? 'Text'

/** What people said, by what kind of message it was. */
export async function messagesByKind(around: Around, _message: number, day?: number): Promise<Chart> {
  const x = day === undefined ? lastDays(around, DAYS) : hoursOf(day)
  const step = day === undefined ? DAY : HOUR
  const from = x[0] ?? 0
  const time = rounded('date', step)
  const rows = await said(around, await firstMessage(around, from), from)
    .select([time.as('time'), 'media_kind', (eb) => eb.fn.countAll<number>().as('count')])
    .where('date', '<', (x.at(-1) ?? 0) + step)
    .groupBy([time, 'media_kind'])
    .execute()
  const counts = asCounts(
    rows.map(({ media_kind, ...row }) => ({ ...row, key: kindOf(media_kind) })),
    step,
  )
  const lines = KINDS.flatMap(([name], i): Line[] => {
    const values = at(counts, name, x)
    return values.some((value) => value > 0) ? [{ name, color: PALETTE[i % PALETTE.length]!, values }] : []
  })
  return { type: 'bar', x, unit: day === undefined ? 'day' : 'hour', lines }
}

/** What administrators and authors did to messages and people. */
export async function actions(around: Around): Promise<Chart> {
  const x = lastDays(around, DAYS)
  const from = x[0] ?? 0
  const time = rounded('date', DAY)
  const rows = await done(around, await firstEvent(around, from), from, ['delete', 'edit', 'ban', 'kick'])
    .select([time.as('time'), 'kind as key', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy([time, 'kind'])
    .execute()
  const counts = asCounts(rows, DAY)
  const both = (a: string, b: string) => x.map((day) => sum([a, b].map((key) => counts.get(key)?.get(day) ?? 0)))
  const lines: Line[] = [
    { name: 'Deleted messages', color: 'red', values: at(counts, 'delete', x) },
    { name: 'Edited messages', color: 'golden', values: at(counts, 'edit', x) },
    { name: 'Restricted members', color: 'blue', values: both('ban', 'kick') },
  ]
  return { type: 'line', x, unit: 'day', lines }
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
/** 1 January 1970 was a Thursday. */
const weekdayOf = (day: number) => (day / DAY + 3) % 7

/** On which days of the week people talk, week by week. */
export async function weekdays(around: Around): Promise<Chart> {
  const monday = around.today - weekdayOf(around.today) * DAY
  const x = Array.from({ length: WEEKS }, (_, i) => monday - (WEEKS - 1 - i) * 7 * DAY)
  const from = x[0]!
  const time = rounded('date', DAY)
  const rows = await said(around, await firstMessage(around, from), from)
    .select([time.as('time'), sql<string>`''`.as('key'), (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy(time)
    .execute()
  const days = asCounts(rows, DAY).get('')
  const lines = WEEKDAYS.map((name, i): Line => {
    const values = x.map((week) => days?.get(week + i * DAY) ?? 0)
    return { name, color: PALETTE[i % PALETTE.length]!, values }
  })
  return { type: 'area', x, unit: 'week', lines }
}
