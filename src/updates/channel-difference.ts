import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { renderFacts } from './facts.ts'
import { boxState, fromRow, positionOf } from './log.ts'

/** Facts rendered at once; clients ask for up to 100 at first, and for 1000 when they catch up. */
const SLICE = 100
const MOST = 1000
/** A client that lacks more pts than this is given the newest messages instead. */
const TOO_LONG = 3000

const missed = query<{ owner: number; pos: number; pts: number; limit: number }>()((db, p) =>
  db
    .selectFrom('log')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('pos', '>=', p.pos)
    .where('pts', '>', p.pts)
    .orderBy('pos')
    .limit(p.limit),
)

/**
 * What happened in a channel since a client's pts: in one piece, in slices, or undefined where it lacks so much that it
 * begins anew. What carries no pts is in what the answer's `chats` show.
 * https://core.telegram.org/method/updates.getChannelDifference
 */
export async function channelDifference(
  ctx: Ctx,
  owner: number,
  pts: number,
  limit: number,
): Promise<tl.updates_channelDifference | tl.updates_channelDifferenceEmpty | undefined> {
  const state = await boxState(ctx, owner)
  if (pts >= state.pts) return { _: 'updates.channelDifferenceEmpty', final: true, pts: state.pts }
  if (state.pts - pts > TOO_LONG) return undefined
  const most = limit > 0 ? Math.min(limit, MOST) : SLICE
  const pos = await positionOf(ctx, owner, pts + 1, state.pos)
  const logged = (await ctx.run(missed, { owner, pos, pts, limit: most + 1 })).map(fromRow)
  const more = logged.length > most
  if (more) logged.length = most
  const newMessages: tl.Message[] = []
  const otherUpdates: tl.Update[] = []
  for (const update of await renderFacts(ctx, logged)) {
    if (!update) continue
    if (update._ === 'updateNewChannelMessage') newMessages.push(update.message)
    else otherUpdates.push(update)
  }
  const final = !more || undefined
  const at = more ? logged.at(-1)!.pts : state.pts
  return { _: 'updates.channelDifference', final, pts: at, newMessages, otherUpdates, chats: [], users: [] }
}
