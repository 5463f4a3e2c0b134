import { sql } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { type Logged, renderFacts } from './facts.ts'
import { type BoxState, boxState, FIRST_QTS, fromRow, positionOf } from './log.ts'
import { sessionQts, waitingFacts } from './secret-queue.ts'

/** Facts rendered into one slice. */
const SLICE = 500
/** A client that lacks more pts than this starts afresh. */
const TOO_LONG = 50_000

/**
 * What happened in the account's box since a client's state, oldest first: in one piece, in slices, or too much.
 * https://core.telegram.org/method/updates.getDifference
 */
export async function difference(
  ctx: Ctx,
  from: { pts: number; qts: number; date: number },
  limits: { slice?: number | undefined; qts?: number | undefined; tooLong?: number | undefined } = {},
): Promise<tl.updates_Difference> {
  const owner = ctx.userId
  const slice = Math.min(limits.slice ?? SLICE, SLICE)
  const state = await boxState(ctx, owner)
  if (state.pts - from.pts > (limits.tooLong ?? TOO_LONG)) return { _: 'updates.differenceTooLong', pts: state.pts }
  const [sessionsQts, logged] = await Promise.all([sessionQts(ctx, state), missed(ctx, owner, state, from, slice + 1)])
  const date = Math.max(state.date, ctx.now)
  // Where the log begins is looked at after the facts have been read: else what is cut off meanwhile would be missing
  // unnoticed.
  const [cutAt, waiting] = await Promise.all([
    logged.length > 0 ? prunedAfter(ctx, owner) : 0,
    waitingFacts(ctx, state, from.qts, slice + 1 - logged.length),
  ])
  if (cutAt > Math.max(from.pts, 1)) return { _: 'updates.differenceTooLong', pts: state.pts }
  logged.push(...waiting)
  if (logged.length === 0) return { _: 'updates.differenceEmpty', date, seq: 0 }
  const most = Math.min(slice, withinQts(logged, from.qts, limits.qts))
  const more = logged.length > most
  if (more) logged.length = most
  const rendered = await renderFacts(ctx, logged)
  const newMessages: tl.Message[] = []
  const newEncryptedMessages: tl.EncryptedMessage[] = []
  const otherUpdates: tl.Update[] = []
  for (const update of rendered) {
    if (!update) continue
    if (update._ === 'updateNewMessage') newMessages.push(update.message)
    else if (update._ === 'updateNewEncryptedMessage') newEncryptedMessages.push(update.message)
    else otherUpdates.push(update)
  }
  const found = { newMessages, newEncryptedMessages, otherUpdates, users: [], chats: [] }
  if (!more) {
    const { pts } = state
    const qts = Math.max(sessionsQts, ...logged.map((l) => l.qts))
    return {
      _: 'updates.difference',
      ...found,
      state: { _: 'updates.state', ...{ pts, qts, date }, seq: 0, unreadCount: 0 },
    }
  }
  const last = logged.at(-1)!
  const qts = Math.max(from.qts, ...logged.map((l) => l.qts))
  const intermediateState = { _: 'updates.state' as const, pts: last.pts, qts, date: last.date, seq: 0, unreadCount: 0 }
  return { _: 'updates.differenceSlice', ...found, intermediateState }
}

/** How many of the facts go before there are more than `limit` that carry a qts. */
function withinQts(logged: readonly Logged[], qts: number, limit = Number.POSITIVE_INFINITY): number {
  let counted = 0
  const over = logged.findIndex((one) => one.qts > qts && ++counted > limit)
  return over < 0 ? logged.length : over
}

const oldest = query<{ owner: number }>()((db, p) =>
  db.selectFrom('log').select(['pts', 'pts_count']).where('owner', '=', p.owner).orderBy('pos').limit(1),
)

/** The pts before the oldest fact that is kept: a client that stands before it has missed what was cut off. */
async function prunedAfter(ctx: Ctx, owner: number): Promise<number> {
  const [row] = await ctx.run(oldest, { owner })
  return row ? row.pts - row.pts_count : 0
}

const firstOfQts = query<{ owner: number; qts: number }>()((db, p) =>
  db
    .selectFrom('log')
    .select('pos')
    .where('owner', '=', p.owner)
    .where('qts', '>', p.qts)
    .where('qts', '>', sql.lit(0))
    .orderBy('qts')
    .limit(1),
)

const missedFrom = query<{ owner: number; pos: number; pts: number; qts: number; date: number; limit: number }>()(
  (db, p) =>
    db
      .selectFrom('log')
      .selectAll()
      .where('owner', '=', p.owner)
      .where('pos', '>=', p.pos)
      // Those wait in their devices' own queues.
      .where('kind', '!=', sql.lit('secretMessage'))
      .where((eb) =>
        eb.or([
          eb('pts', '>', p.pts),
          eb.and([eb('pts', '=', p.pts), eb('pts_count', '=', 0), eb('qts', '=', 0), eb('date', '>=', p.date)]),
          eb('qts', '>', p.qts),
        ]),
      )
      .orderBy('pos')
      .limit(p.limit),
)

/**
 * Facts a client lacks: those after its pts, and those without pts that came at or after its date.
 * @NOTE dates have whole seconds, so an update without pts may be told twice; they state what is, and are safe to.
 */
async function missed(
  ctx: Ctx,
  owner: number,
  state: BoxState,
  from: { pts: number; qts: number; date: number },
  limit: number,
): Promise<Logged[]> {
  let pos = await positionOf(ctx, owner, from.pts, state.pos)
  if (state.qts > Math.max(from.qts, FIRST_QTS)) {
    const [first] = await ctx.run(firstOfQts, { owner, qts: from.qts })
    if (first) pos = Math.min(pos, first.pos)
  }
  const { pts, qts, date } = from
  return (await ctx.run(missedFrom, { owner, pos, pts, qts, date, limit })).map(fromRow)
}
