import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { DAY, HOUR } from '../../domain/channel-stats.ts'
import { MEDIA_KIND } from '../../domain/message-view.ts'
import type { App } from '../../rpc/app.ts'
import { query } from '../../storage/index.ts'
import { type Around, type Counts, firstMessage } from './counters.ts'

/** How far back what people say is looked at, weeks: as far as the graph by weekdays goes. */
export const WEEKS = 8

/** Kinds of messages that are told apart; what is none of the others counts as text. */
export const KINDS: readonly (readonly [name: string, bits: number])[] = [
  ['Text', 0],
  ['Photos', MEDIA_KIND.photo],
  ['Videos', MEDIA_KIND.video | MEDIA_KIND.roundVideo | MEDIA_KIND.gif],
  ['Voice messages', MEDIA_KIND.voice],
  ['Stickers', MEDIA_KIND.sticker],
  ['Files and music', MEDIA_KIND.document | MEDIA_KIND.music],
]

const kindOf = (bits: number): string => KINDS.find(([, own]) => (own & bits) !== 0)?.[0] ?? 'Text'

/** What is said in a period, and by whom. */
interface Period {
  messages: number
  readonly posters: Set<number>
}

/** What the people of a supergroup have said. */
export interface Talk {
  /** By the kind of message and the hour. */
  readonly byKind: Counts
  readonly current: Period
  readonly previous: Period
  /** Of the present period, by who said it under their own name. */
  readonly byAuthor: Map<number, { messages: number; chars: number }>
}

const page = query<{ owner: number; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select(['id', 'date', 'sender', 'from_id', 'media_kind', 'action', sql<number>`length(text)`.as('chars')])
    .where('owner', '=', p.owner)
    .where('id', '>', p.after)
    .orderBy('id')
    .limit(p.limit),
)

/** Messages that are read at once: others wait no longer than these take. */
const AT_ONCE = 2000
/** What took longer is kept for so many seconds, of so many groups. */
const KEPT_FOR = 300
const GROUPS = 100

const kept = new WeakMap<App, Map<number, { at: number; talk: Promise<Talk> }>>()

/**
 * What has been said in a supergroup in the last weeks. Messages are read in small parts; of groups where there are
 * many of them what was found holds for some minutes.
 */
export async function talkOf(around: Around): Promise<Talk> {
  const { app, now } = around.ctx
  let groups = kept.get(app)
  if (!groups) kept.set(app, (groups = new Map()))
  const { id } = around.channel
  const known = groups.get(id)
  if (known && known.at <= now && known.at + KEPT_FOR > now && known.at >= around.today) return known.talk
  groups.delete(id)
  const reading = read(around)
  const entry = { at: now, talk: reading.then(({ talk }) => talk) }
  groups.set(id, entry)
  if (groups.size > GROUPS) groups.delete(groups.keys().next().value!)
  try {
    const { talk, pages } = await reading
    if (pages === 1) groups.delete(id)
    return talk
  } catch (error) {
    groups.delete(id)
    throw error
  }
}

async function read(around: Around): Promise<{ talk: Talk; pages: number }> {
  const { ctx, channel, today, from, before } = around
  const talk: Talk = {
    byKind: new Map(),
    current: { messages: 0, posters: new Set() },
    previous: { messages: 0, posters: new Set() },
    byAuthor: new Map(),
  }
  let after = (await firstMessage(around, today - WEEKS * 7 * DAY)) - 1
  for (let pages = 1; ; pages++) {
    const rows = await ctx.run(page, { owner: channel.peer, after, limit: AT_ONCE })
    for (const row of rows) {
      if (row.action !== null) continue
      const kind = kindOf(row.media_kind)
      let hours = talk.byKind.get(kind)
      if (!hours) talk.byKind.set(kind, (hours = new Map()))
      const hour = row.date - (row.date % HOUR)
      hours.set(hour, (hours.get(hour) ?? 0) + 1)
      if (row.date < before || row.sender === null) continue
      const period = row.date >= from ? talk.current : talk.previous
      period.messages++
      period.posters.add(row.sender)
      if (period === talk.previous || row.from_id !== row.sender) continue
      const own = talk.byAuthor.get(row.sender) ?? { messages: 0, chars: 0 }
      own.messages++
      own.chars += Number(row.chars)
      talk.byAuthor.set(row.sender, own)
    }
    if (rows.length < AT_ONCE) return { talk, pages }
    after = rows.at(-1)!.id
    await setImmediate()
  }
}

/** Counts by the hour as counts by longer steps, at these points of time. */
export function gathered(hours: ReadonlyMap<number, number> | undefined, x: readonly number[], step: number): number[] {
  const values = new Array<number>(x.length).fill(0)
  const places = new Map(x.map((time, i) => [time, i]))
  for (const [hour, count] of hours ?? []) {
    const i = places.get(hour - (hour % step))
    if (i !== undefined) values[i]! += count
  }
  return values
}
