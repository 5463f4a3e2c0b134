import type { MessageRow } from '../../domain/message-rows.ts'
import { MESSAGE_TEXT, searchText } from '../../domain/search-index.ts'
import type { Ctx } from '../../rpc/context.ts'
import { hasAll } from '../../storage/words.ts'
import { boxOfSearch, COUNTED, isRare, type Search, searching } from './search-messages.ts'

/** Messages with the words that are looked at together for everything else that is asked of them. */
const PORTION = 500
/** Messages with the words that are looked at for one answer. */
const LOOKED_AT = 20_000
/** What else is asked for is looked for first, where no more messages have it than so many. */
const FEW = 1000

interface Range {
  first: number
  below: number
  newest: boolean
}

/** Whether the words, the dialog, the author and the ids are all that is asked for: the index alone can tell. */
function plain(search: Search): boolean {
  const { filter, thread, topic, savedPeer, tags, out, kind, folder } = search
  const filtered = filter !== undefined && filter._ !== 'inputMessagesFilterEmpty'
  return !(
    filtered ||
    thread ||
    topic !== undefined ||
    savedPeer !== undefined ||
    tags?.length ||
    out ||
    kind ||
    folder !== undefined
  )
}

/** What of a range the search allows. */
function within(search: Search, range: Range): Range {
  const { first = 0, ids } = search
  return {
    ...range,
    first: Math.max(range.first, first, ids?.first ?? 0),
    below: Math.min(range.below, ids?.below ?? range.below),
  }
}

const pageOf = (ctx: Ctx, search: Search, range: Range, limit: number) => {
  const { peer, from, text } = search
  return { owner: boxOfSearch(ctx, search), query: text!, peer, from, ...range, limit }
}

const matching = (ctx: Ctx, search: Search, range: Range, limit: number): Promise<number[]> =>
  ctx.app.store.d.matchPage(ctx.db, MESSAGE_TEXT, pageOf(ctx, search, range, limit))

/** The part of the range behind what was looked at. */
function after(range: Range, seen: readonly number[]): Range {
  const last = seen.at(-1)!
  return range.newest ? { ...range, below: last } : { ...range, first: last + 1 }
}

const others = (ctx: Ctx, search: Search) => searching(ctx, { ...search, text: '' })
const rest = (ctx: Ctx, search: Search, ids: readonly number[]) =>
  others(ctx, search).where('id', 'in', ctx.app.store.d.each(ids) as never)

/**
 * All messages of a range with the words, found by what else is asked for, which few messages have; undefined where
 * more do.
 */
async function byOthers(ctx: Ctx, search: Search, range: Range): Promise<MessageRow[] | undefined> {
  if (!isRare(search)) return undefined
  const rows = await others(ctx, search)
    .where('id', '>=', range.first)
    .where('id', '<', range.below)
    .selectAll()
    .orderBy('id', range.newest ? 'desc' : 'asc')
    .limit(FEW + 1)
    .execute()
  return rows.length > FEW ? undefined : rows.filter((row) => hasAll(searchText(row), search.text!))
}

/**
 * Messages with words, in the order of their ids. The index gives them in that order, so that a common word costs no
 * more than a rare one; whatever else is asked of them is looked at by portions, or first, where few messages have it.
 */
export async function textPage(
  ctx: Ctx,
  search: Search,
  page: Range & { skip: number; limit: number },
): Promise<MessageRow[]> {
  const simple = plain(search)
  const { newest, limit } = page
  let range = within(search, page)
  let { skip } = page
  const few = simple ? undefined : await byOthers(ctx, search, range)
  if (few) return few.slice(skip, skip + limit)
  const rows: MessageRow[] = []
  for (let looked = 0; rows.length < limit && (simple || looked < LOOKED_AT); ) {
    const portion = simple ? (skip > 0 ? skip : limit - rows.length) : PORTION
    const ids = await matching(ctx, search, range, portion)
    looked += ids.length
    if (simple && skip > 0) skip -= ids.length
    else if (ids.length > 0) {
      const found = await rest(ctx, search, ids)
        .selectAll()
        .orderBy('id', newest ? 'desc' : 'asc')
        .execute()
      rows.push(...found.slice(skip, skip + limit - rows.length))
      skip = Math.max(0, skip - found.length)
    }
    if (ids.length < portion) break
    range = after(range, ids)
  }
  return rows
}

/** How many there are, as far as they are counted. */
export async function countText(ctx: Ctx, search: Search, atLeast: number): Promise<number> {
  let range = within(search, { first: atLeast, below: Number.MAX_SAFE_INTEGER, newest: true })
  if (plain(search)) {
    return ctx.app.store.d.countMatches(ctx.db, MESSAGE_TEXT, pageOf(ctx, search, range, COUNTED))
  }
  const few = await byOthers(ctx, search, range)
  if (few) return few.length
  let count = 0
  for (let looked = 0; looked < LOOKED_AT && count < COUNTED; ) {
    const ids = await matching(ctx, search, range, PORTION)
    if (ids.length === 0) break
    const found = await rest(ctx, search, ids)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    count += found.count
    looked += ids.length
    if (ids.length < PORTION) break
    range = after(range, ids)
  }
  return count
}
