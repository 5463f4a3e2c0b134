import { sql } from 'kysely'
import type { MessageRow } from '../../domain/message-rows.ts'
import { CHANNEL_BASE, channelPeer } from '../../domain/peers.ts'
import { catchUpAll, MESSAGE_TEXT } from '../../domain/search-index.ts'
import { userRow } from '../../domain/user-rows.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'
import { type Box, newestIn } from './search-global.ts'
import type { Place } from './search-messages.ts'

/** Channels whose index a search waits for; the others' follow in the background. */
const INDEXED_AT_ONCE = 50
/** Posts with the words looked for that are put in order together; of more, one channel after the other is asked. */
const CONSIDERED = 5000
/** What a search beyond the free ones would cost, Telegram Stars. */
const STARS = 10n
const DAY = 86_400
/** Longest text that is looked for. */
const LONGEST = 256

/** Channels that are looked after at one time: a search waits for some, the others follow in the background. */
const INDEXED = 500

/** Public channels with posts, those with the newest first. */
function publicChannels(ctx: Ctx) {
  return ctx.db
    .selectFrom('channel as c')
    .innerJoin('username as n', (j) =>
      j.on('n.owner', '=', sql<number>`${sql.lit(CHANNEL_BASE)} - c.id`).on('n.active', '=', 1),
    )
    .select(['c.id', 'c.top_date', 'c.cleared_to'])
    .distinct()
    .where('c.megagroup', '=', 0)
    .where('c.deleted', '=', 0)
    .where('c.top_message', '>', 0)
    .orderBy('c.top_date', 'desc')
    .orderBy('c.id')
    .limit(INDEXED)
}

/** Those whose posts are not in the index yet. */
async function behind(ctx: Ctx): Promise<number[]> {
  const rows = await publicChannels(ctx)
    .innerJoin('box as b', 'b.owner', 'n.owner')
    .leftJoin('message_indexed as i', 'i.owner', 'n.owner')
    .where((eb) => eb(eb.fn.coalesce('i.max_id', eb.lit(0)), '<', eb.ref('b.message_id')))
    .execute()
  return rows.map((row) => channelPeer(row.id))
}

/** Channels to be looked through one after the other, those that removed the caller left out. */
async function boxesOf(ctx: Ctx, text: string): Promise<Box[]> {
  const rows = await publicChannels(ctx)
    .where((eb) => eb.not(eb.exists(removal(ctx))))
    .execute()
  return rows.map((row) => ({
    search: { text, peer: channelPeer(row.id), first: row.cleared_to + 1 },
    newest: row.top_date,
  }))
}

/** That the channel at hand removed the caller. */
const removal = (ctx: Ctx) =>
  ctx.db
    .selectFrom('channel_member as k')
    .select('k.user_id')
    .where('k.channel_id', '=', sql.ref<number>('c.id'))
    .where('k.user_id', '=', ctx.userId)
    .where('k.state', '=', 2)

/**
 * Posts of public channels with all these words, the newest first; of channels that removed the caller, none.
 * @returns also whether some may be missing
 */
export async function findPosts(
  ctx: Ctx,
  text: string,
  after: Place | undefined,
  limit: number,
): Promise<{ rows: MessageRow[]; count: number; whole: boolean }> {
  const late = await behind(ctx)
  const whole = (await catchUpAll(ctx, late, INDEXED_AT_ONCE)) && late.length < INDEXED
  const matched = await ctx.app.store.d.matchChannels(ctx.db, MESSAGE_TEXT, text, CONSIDERED)
  const considered = await ctx.db
    .selectFrom(matched.as('t'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (considered.count >= CONSIDERED) {
    return { ...(await newestIn(ctx, await boxesOf(ctx, text), after, limit)), whole: false }
  }
  const all = ctx.db
    .selectFrom(matched.as('t'))
    .innerJoin('message as m', (j) => j.onRef('m.owner', '=', 't.owner').onRef('m.id', '=', 't.id'))
    .innerJoin('channel as c', (j) => j.on('c.id', '=', sql<number>`${sql.lit(CHANNEL_BASE)} - m.owner`))
    .where('c.megagroup', '=', 0)
    .where('c.deleted', '=', 0)
    .whereRef('m.id', '>', 'c.cleared_to')
    .where('m.action', 'is', null)
    .where((eb) =>
      eb.exists(
        eb.selectFrom('username as n').select('n.name').whereRef('n.owner', '=', 'm.owner').where('n.active', '=', 1),
      ),
    )
    .where((eb) => eb.not(eb.exists(removal(ctx))))
  const { count } = await all.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const rows = await all
    .$if(after !== undefined, (q) =>
      q.where((eb) =>
        eb.or([
          eb('m.date', '<', after!.date),
          eb.and([eb('m.date', '=', after!.date), eb('m.owner', '<', after!.owner)]),
          eb.and([eb('m.date', '=', after!.date), eb('m.owner', '=', after!.owner), eb('m.id', '<', after!.id)]),
        ]),
      ),
    )
    .selectAll('m')
    .orderBy('m.date', 'desc')
    .orderBy('m.owner', 'desc')
    .orderBy('m.id', 'desc')
    .limit(limit)
    .execute()
  return { rows, count, whole }
}

const plain = (query: string) => query.trim().toLowerCase().slice(0, LONGEST)

/**
 * How many searches an account has left today, and whether this one is free: what was looked for within a day is.
 * https://core.telegram.org/constructor/searchPostsFlood
 */
export async function searchesLeft(ctx: Ctx, query: string | undefined): Promise<tl.searchPostsFlood> {
  const used = await ctx.db
    .selectFrom('post_search')
    .select(['query', 'date'])
    .where('owner', '=', ctx.userId)
    .where('date', '>', ctx.now - DAY)
    .orderBy('date')
    .execute()
  const totalDaily = ctx.app.config.limits.postSearches
  const remains = Math.max(0, totalDaily - used.length)
  const known = query !== undefined && used.some((one) => one.query === plain(query))
  return {
    _: 'searchPostsFlood',
    queryIsFree: known || undefined,
    totalDaily,
    remains,
    waitTill: remains === 0 && used[0] ? used[0].date + DAY : undefined,
    starsAmount: STARS,
  }
}

/**
 * Counts a search among all public posts: PREMIUM_ACCOUNT_REQUIRED, and FLOOD_WAIT_%d until the next one is free.
 * https://core.telegram.org/api/search#posts-tab
 */
export async function takeSearch(tx: Tx, query: string): Promise<tl.searchPostsFlood> {
  if ((await userRow(tx, tx.userId))?.premium !== 1) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
  const owner = tx.userId
  await lockBoxes(tx, [owner])
  const before = await searchesLeft(tx, query)
  if (before.queryIsFree) return before
  // @TODO searches that are paid for: end with the stars.
  if (before.remains === 0) throw new RpcError('FLOOD_WAIT_%d', Math.max(1, (before.waitTill ?? tx.now + DAY) - tx.now))
  await tx.trx
    .deleteFrom('post_search')
    .where('owner', '=', owner)
    .where('date', '<=', tx.now - DAY)
    .execute()
  await tx.trx
    .insertInto('post_search')
    .values({ owner, date: tx.now, query: plain(query) })
    .execute()
  return { ...(await searchesLeft(tx, query)), queryIsFree: undefined }
}
