import { sql } from 'kysely'
import { access, boxOf, namedPeer } from '../../domain/access.ts'
import { type MessageRow, messageRow } from '../../domain/message-rows.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { CHANNEL_BASE, channelPeer, kindOf } from '../../domain/peers.ts'
import { catchUpAll } from '../../domain/search-index.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { COUNTED, countFound, datesToIds, type Place, type Search, searchSource } from './search-messages.ts'

/** Channels whose index a search waits for; the others' follow in the background. */
const INDEXED_AT_ONCE = 20

/** Where a search of everything looks. */
export interface Scope {
  people: boolean
  groups: boolean
  channels: boolean
  folder: number | undefined
  /** Only the chats of this community. */
  community?: number | undefined
}

/** The place in the list of all results where a page begins: after this one. */
export async function placeOf(
  ctx: Ctx,
  at: { offsetRate: number; offsetPeer: tl.InputPeer; offsetId: number },
): Promise<Place | undefined> {
  if (at.offsetRate > 0) {
    const peer = namedPeer(ctx, at.offsetPeer)
    return { date: at.offsetRate, owner: kindOf(peer) === 'channel' ? peer : ctx.userId, id: at.offsetId }
  }
  if (at.offsetId <= 0) return undefined
  // Clients that page without a rate name the last message alone.
  const empty = at.offsetPeer._ === 'inputPeerEmpty'
  const owner = empty ? ctx.userId : boxOf(ctx, await access.peer(ctx, at.offsetPeer))
  const row = await messageRow(ctx, owner, at.offsetId)
  if (!row) throw new RpcError('MSG_ID_INVALID')
  return { date: row.date, owner, id: row.id }
}

export interface Box {
  search: Search
  /** Nothing in it is newer; a box of which that is not known stands above all. */
  newest: number
}

/** The channels that the caller is in and that a search looks into, those with the newest messages first. */
async function channelBoxes(ctx: Ctx, scope: Scope, search: Search): Promise<Box[]> {
  if (!scope.channels && !scope.groups) return []
  const rows = await ctx.db
    .selectFrom('channel_member as m')
    .innerJoin('channel as c', 'c.id', 'm.channel_id')
    .leftJoin('dialog as d', (j) =>
      j.on('d.owner', '=', ctx.userId).on('d.peer', '=', sql<number>`${sql.lit(CHANNEL_BASE)} - m.channel_id`),
    )
    .select(['c.id', 'c.top_date', 'c.cleared_to', 'c.monoforum', 'm.min_id', 'm.role'])
    .where('m.user_id', '=', ctx.userId)
    .where('m.state', '=', 0)
    .where('c.deleted', '=', 0)
    .where('c.top_message', '>', 0)
    .$if(!scope.groups, (q) => q.where('c.megagroup', '=', 0))
    .$if(!scope.channels, (q) => q.where('c.megagroup', '=', 1))
    .$if(scope.folder !== undefined, (q) => q.where('d.folder', '=', scope.folder!))
    .$if(scope.community !== undefined, (q) => q.where('c.community', '=', scope.community!))
    .orderBy('c.top_date', 'desc')
    .orderBy('c.id')
    .execute()
  return rows.map((row) => {
    const first = Math.max(row.cleared_to, row.min_id) + 1
    // Of a channel's direct messages everybody sees their own, but those who answer.
    const topic = row.monoforum === 1 && row.role === 0 ? ctx.userId : undefined
    return { search: { ...search, peer: channelPeer(row.id), first, topic, folder: undefined }, newest: row.top_date }
  })
}

/** A page from the newest on. */
const START = { offsetId: 0, addOffset: 0, limit: 0 }

const newestFirst = (a: MessageRow, b: MessageRow) => b.date - a.date || b.owner - a.owner || b.id - a.id

/**
 * Looks for messages everywhere: among the caller's own copies, and in the channels they are in, the newest first. A
 * channel in which nothing is as new as what the page holds already is not looked into.
 * @returns also how many there are where it looked, and whether that is not everywhere
 */
export async function searchEverywhere(
  ctx: Ctx,
  scope: Scope,
  search: Search,
  after: Place | undefined,
  wanted: number,
): Promise<{ rows: MessageRow[]; count: number; inexact: boolean }> {
  const limit = pageLimit(wanted)
  const channels = await channelBoxes(ctx, scope, search)
  let whole = true
  if (search.text) {
    const owners = channels.map((box) => box.search.peer!)
    whole = await catchUpAll(ctx, [ctx.userId, ...owners], INDEXED_AT_ONCE)
  }
  const boxes: Box[] = []
  if (scope.community === undefined && (scope.people || scope.groups)) {
    const kind = !scope.groups ? 'users' : !scope.people ? 'groups' : undefined
    boxes.push({ search: { ...search, kind, folder: scope.folder }, newest: Number.POSITIVE_INFINITY })
  }
  boxes.push(...channels)
  const found = await newestIn(ctx, boxes, after, limit)
  return { rows: found.rows, count: found.count, inexact: !(whole && found.whole) }
}

/**
 * The newest messages of several boxes, in the order of the newest message of each: a box in which nothing is as new as
 * what the page holds already is not looked into.
 * @returns also how many there are in the boxes that were looked into, and whether these are all, and all counted
 */
export async function newestIn(
  ctx: Ctx,
  boxes: readonly Box[],
  after: Place | undefined,
  limit: number,
): Promise<{ rows: MessageRow[]; count: number; whole: boolean }> {
  let rows: MessageRow[] = []
  let count = 0
  let whole = true
  for (const box of boxes) {
    const last = rows.length === limit ? rows.at(-1) : undefined
    if (last && box.newest < last.date) return { rows, count, whole: false }
    await datesToIds(ctx, box.search)
    const some = await countFound(ctx, box.search)
    count += some
    if (some >= COUNTED) whole = false
    const further = { ...box.search, after }
    await datesToIds(ctx, further)
    const found = await searchSource(ctx, further, START).older(0, limit)
    if (found.length > 0) rows = [...rows, ...found].sort(newestFirst).slice(0, limit)
  }
  return { rows, count, whole }
}
