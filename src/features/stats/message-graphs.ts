import { DAY, HOUR, YOUNG } from '../../domain/channel-stats.ts'
import { messageRow } from '../../domain/message-rows.ts'
import { keptPoll, optionKey, type PollRow } from '../../domain/polls.ts'
import type { Ctx } from '../../rpc/context.ts'
import { type Chart, type Line, PALETTE } from './chart.ts'
import { type Around, asCounts, at, counted, rounded, sum } from './counters.ts'
import { EMOTIONS, emotionOf } from './emotions.ts'

/** No graph of a message goes further back than so many days. */
const DAYS = 90

/** The points of time from something's beginning up to now. */
function since(now: number, date: number): { x: number[]; step: number; unit: 'hour' | 'day' } {
  const young = now - date < YOUNG
  const step = young ? HOUR : DAY
  const last = now - (now % step)
  const first = Math.max(date - (date % step), last - DAYS * DAY)
  const x = Array.from({ length: (last - first) / step + 1 }, (_, i) => first + i * step)
  return { x, step, unit: young ? 'hour' : 'day' }
}

export async function postViews(around: Around, message: number): Promise<Chart | undefined> {
  const row = await messageRow(around.ctx, around.channel.peer, message)
  if (!row) return undefined
  const { x, step, unit } = since(around.ctx.now, row.date)
  const counts = await counted(around, ['view', 'share'], { from: x[0]!, step, message })
  const lines: Line[] = [
    { name: 'Views', color: 'blue', values: at(counts, 'view', x) },
    { name: 'Shares', color: 'golden', values: at(counts, 'share', x) },
  ]
  return { type: 'step', x, unit, lines, yScaled: true }
}

export async function postReactions(around: Around, message: number): Promise<Chart | undefined> {
  const row = await messageRow(around.ctx, around.channel.peer, message)
  if (!row) return undefined
  const { x, step, unit } = since(around.ctx.now, row.date)
  const counts = await counted(around, ['react'], { from: x[0]!, step, message, by: 'key' })
  const lines = EMOTIONS.flatMap((emotion, i): Line[] => {
    const own = [...counts.keys()].filter((key) => emotionOf(key) === emotion)
    if (own.length === 0) return []
    const values = x.map((time) => sum(own.map((key) => counts.get(key)?.get(time) ?? 0)))
    return [{ name: emotion, color: PALETTE[i]!, values }]
  })
  return { type: 'bar', x, unit, lines }
}

/** When which answer of a poll was voted for: of the votes that still stand. */
export async function votes(ctx: Ctx, poll: PollRow): Promise<Chart> {
  const { x, step, unit } = since(ctx.now, poll.date)
  const time = rounded('date', step)
  const found = await ctx.db
    .selectFrom('poll_choice')
    .select([time.as('time'), 'option as key', (eb) => eb.fn.countAll<number>().as('count')])
    .where('poll_id', '=', poll.id)
    .where('date', '>=', x[0]!)
    .groupBy([time, 'option'])
    .execute()
  const counts = asCounts(found, step)
  const lines = keptPoll(poll).poll.answers.flatMap((answer, i): Line[] => {
    if (answer._ !== 'pollAnswer') return []
    const values = at(counts, optionKey(answer.option), x)
    return [{ name: answer.text.text, color: PALETTE[i % PALETTE.length]!, values }]
  })
  return { type: 'bar', x, unit, lines }
}
