import type { Ctx } from '../../rpc/context.ts'
import { hasWords, indexWords, queryWords } from '../../storage/words.ts'

/** Dialogs, the latest first, among which a search by name looks. */
const DIALOGS = 1000
/** Letters and digits of a username that must be known to find strangers by it. */
const STRANGERS_FROM = 3

interface Named {
  /** Marked id. */
  peer: number
  names: string
}

export interface SearchRequest {
  q: string
  limit: number
  bots: boolean
  broadcasts: boolean
}

/**
 * Peers by name or username: the caller's own contacts and dialogs, then strangers by the beginning of a username.
 * Case and accents do not count; every word of the query must begin a word of the name.
 * https://core.telegram.org/method/contacts.search
 */
export async function searchPeers(ctx: Ctx, req: SearchRequest): Promise<{ mine: number[]; global: number[] }> {
  const text = req.q.trim().replace(/^@/, '')
  const name = /^[a-z0-9_]+$/i.test(text) ? text.toLowerCase() : undefined
  const mine: number[] = []
  if (!req.bots && !req.broadcasts) {
    const named = await namesOf(ctx)
    const byUsername = name ? await usernamesBeginning(ctx, name, named.keys()) : new Set<number>()
    const asked = hasWords(text) ? queryWords(text) : undefined
    for (const { peer, names } of named.values()) {
      if (mine.length >= req.limit) break
      if (byUsername.has(peer) || (asked && matches(asked, names))) mine.push(peer)
    }
  }
  const global = name && name.length >= STRANGERS_FROM ? await strangers(ctx, name, req, new Set(mine)) : []
  return { mine, global }
}

/** Every asked word has to begin some word of the name; a query is rarely written out to its last letter. */
function matches(asked: { exact: string[]; prefix: string | undefined }, names: string): boolean {
  const words = indexWords(names)
  const begins = (word: string) => words.some((other) => other.startsWith(word))
  return asked.exact.every(begins) && (asked.prefix === undefined || begins(asked.prefix))
}

/** The caller's dialogs and contacts with the names they have for the caller, the latest dialogs first. */
async function namesOf(ctx: Ctx): Promise<Map<number, Named>> {
  const owner = ctx.userId
  const named = new Map<number, Named>()
  const put = (peer: number, names: string) => {
    if (peer !== owner && !named.has(peer)) named.set(peer, { peer, names })
  }
  const people = await ctx.db
    .selectFrom('dialog as d')
    .innerJoin('user as u', 'u.id', 'd.peer')
    .leftJoin('contact as c', (j) => j.onRef('c.owner', '=', 'd.owner').onRef('c.user_id', '=', 'd.peer'))
    .select([
      'd.peer',
      'd.top_date',
      'u.first_name',
      'u.last_name',
      'c.first_name as as_first',
      'c.last_name as as_last',
    ])
    .where('d.owner', '=', owner)
    .where('d.hidden', '=', 0)
    .where('u.deleted', '=', 0)
    .orderBy('d.top_date', 'desc')
    .limit(DIALOGS)
    .execute()
  const groups = await ctx.db
    .selectFrom('chat_member as m')
    .innerJoin('chat as g', 'g.id', 'm.chat_id')
    .innerJoin('dialog as d', (j) =>
      j.onRef('d.owner', '=', 'm.user_id').on((eb) => eb('d.peer', '=', eb.neg('m.chat_id'))),
    )
    .select(['d.peer', 'd.top_date', 'g.title'])
    .where('m.user_id', '=', owner)
    .where('m.gone', '=', 0)
    .where('g.deactivated', '=', 0)
    .orderBy('d.top_date', 'desc')
    .limit(DIALOGS)
    .execute()
  const dialogs = [
    ...people.map((p) => ({
      peer: p.peer,
      date: p.top_date,
      names: `${p.as_first ?? ''} ${p.as_last ?? ''} ${p.first_name} ${p.last_name}`,
    })),
    ...groups.map((g) => ({ peer: g.peer, date: g.top_date, names: g.title })),
  ].sort((a, b) => b.date - a.date)
  for (const dialog of dialogs) put(dialog.peer, dialog.names)
  const contacts = await ctx.db
    .selectFrom('contact as c')
    .innerJoin('user as u', 'u.id', 'c.user_id')
    .select(['c.user_id', 'c.first_name', 'c.last_name', 'u.first_name as own_first', 'u.last_name as own_last'])
    .where('c.owner', '=', owner)
    .where('u.deleted', '=', 0)
    .orderBy('c.user_id')
    .limit(ctx.app.config.limits.contacts)
    .execute()
  for (const c of contacts) put(c.user_id, `${c.first_name} ${c.last_name} ${c.own_first} ${c.own_last}`)
  return named
}

/** Beyond the last name with this beginning: usernames are letters, digits and `_`. */
const end = (name: string) => `${name}~`

async function usernamesBeginning(ctx: Ctx, name: string, among: Iterable<number>): Promise<Set<number>> {
  const rows = await ctx.db
    .selectFrom('username')
    .select('owner')
    .where('name', '>=', name)
    .where('name', '<', end(name))
    .where('active', '=', 1)
    .where('owner', 'in', ctx.app.store.d.each([...among]) as never)
    .execute()
  return new Set(rows.map((row) => row.owner))
}

async function strangers(ctx: Ctx, name: string, req: SearchRequest, known: Set<number>): Promise<number[]> {
  // @TODO channels, which are all that `broadcasts` asks for: ends with the channels' own folder.
  if (req.broadcasts) return []
  const rows = await ctx.db
    .selectFrom('username as n')
    .innerJoin('user as u', 'u.id', 'n.owner')
    .select('n.owner')
    .where('n.name', '>=', name)
    .where('n.name', '<', end(name))
    .where('n.active', '=', 1)
    .where('u.deleted', '=', 0)
    .$if(req.bots, (q) => q.where('u.bot', '=', 1))
    .orderBy('n.name')
    .limit(req.limit + known.size + 1)
    .execute()
  const found = new Set<number>()
  for (const { owner } of rows) {
    if (found.size >= req.limit) break
    if (owner !== ctx.userId && !known.has(owner)) found.add(owner)
  }
  return [...found]
}
