import type * as tl from '../tl/gen/types.ts'
import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import { renderFacts, type Logged } from './facts.ts'
import { boxState, fromRow } from './log.ts'

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
  limits: { slice?: number | undefined; tooLong?: number | undefined } = {},
): Promise<tl.updates_Difference> {
  const owner = ctx.userId
  const slice = Math.min(limits.slice ?? SLICE, SLICE)
  const state = await boxState(ctx, owner)
  if (state.pts - from.pts > (limits.tooLong ?? TOO_LONG)) return { _: 'updates.differenceTooLong', pts: state.pts }
  const logged = await missed(ctx, owner, from, slice + 1)
  const date = Math.max(state.date, ctx.now)
  const pruned = logged.length > 0 && (await prunedAfter(ctx, owner)) > Math.max(from.pts, 1)
  if (pruned) return { _: 'updates.differenceTooLong', pts: state.pts }
  if (logged.length === 0) return { _: 'updates.differenceEmpty', date, seq: 0 }
  const more = logged.length > slice
  if (more) logged.length = slice
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
    const { pts, qts } = state
    return { _: 'updates.difference', ...found, state: { _: 'updates.state', ...{ pts, qts, date }, seq: 0, unreadCount: 0 } }
  }
  const last = logged.at(-1)!
  const qts = Math.max(from.qts, ...logged.map((l) => l.qts))
  const intermediateState = { _: 'updates.state' as const, pts: last.pts, qts, date: last.date, seq: 0, unreadCount: 0 }
  return { _: 'updates.differenceSlice', ...found, intermediateState }
}

const oldest = query<{ owner: number }>()((db, p) =>
  db.selectFrom('log').select(['pts', 'pts_count']).where('owner', '=', p.owner).orderBy('pos').limit(1),
)

/** The pts before the oldest fact that is kept: a client that stands before it has missed what was cut off. */
async function prunedAfter(ctx: Ctx, owner: number): Promise<number> {
  const [row] = await ctx.run(oldest, { owner })
  return row ? row.pts - row.pts_count : 0
}

/**
 * Facts a client lacks: those after its pts, and those without pts that came at or after its date.
 * @NOTE dates have whole seconds, so an update without pts may be told twice; they state what is, and are safe to.
 */
async function missed(
  ctx: Ctx,
  owner: number,
  from: { pts: number; qts: number; date: number },
  limit: number,
): Promise<Logged[]> {
  const rows = await ctx.db
    .selectFrom('log')
    .selectAll()
    .where('owner', '=', owner)
    .where((eb) =>
      eb.or([
        eb('pts', '>', from.pts),
        eb.and([eb('pts', '=', from.pts), eb('pts_count', '=', 0), eb('date', '>=', from.date)]),
        eb('qts', '>', from.qts),
      ]),
    )
    .orderBy('pos')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}
