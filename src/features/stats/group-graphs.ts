import { DAY, HOUR } from '../../domain/channel-stats.ts'
import { type Chart, type Line, PALETTE } from './chart.ts'
import { type Around, asCounts, at, done, firstEvent, hoursOf, lastDays, rounded, sum } from './counters.ts'
import { gathered, KINDS, talkOf, WEEKS } from './talk.ts'

/** Days that a group's graphs go back. */
const DAYS = 30

/** What people said, by what kind of message it was. */
export async function messagesByKind(around: Around, _message: number, day?: number): Promise<Chart> {
  const x = day === undefined ? lastDays(around, DAYS) : hoursOf(day)
  const step = day === undefined ? DAY : HOUR
  const { byKind } = await talkOf(around)
  const lines = KINDS.flatMap(([name], i): Line[] => {
    const values = gathered(byKind.get(name), x, step)
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
  const { byKind } = await talkOf(around)
  const lines = WEEKDAYS.map((name, i): Line => {
    const days = x.map((week) => week + i * DAY)
    const kinds = [...byKind.values()].map((hours) => gathered(hours, days, DAY))
    const values = days.map((_, k) => sum(kinds.map((one) => one[k]!)))
    return { name, color: PALETTE[i % PALETTE.length]!, values }
  })
  return { type: 'area', x, unit: 'week', lines }
}
