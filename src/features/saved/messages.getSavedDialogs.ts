import { type ChannelRef, namedPeer } from '../../domain/access.ts'
import { complete } from '../../domain/complete.ts'
import { managedMonoforum } from '../../domain/direct-messages.ts'
import { messageRow } from '../../domain/message-rows.ts'
import { pageLimit } from '../../domain/pagination.ts'
import type { Ctx } from '../../rpc/context.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { pinnedSaved, savedDialogs, savedHash, viewSaved } from './dialogs.ts'
import { topicPage, viewTopics } from './monoforums.ts'

export default method(
  'messages.getSavedDialogs',
  async (ctx, req) => {
    if (req.parentPeer) return ofMonoforum(ctx, await managedMonoforum(ctx, req.parentPeer), req)
    const limit = pageLimit(req.limit)
    const first = req.offsetId <= 0 && req.offsetDate <= 0
    const pinned = await pinnedSaved(ctx)
    // Pinned ones stand above everything: a page that ended with one of them goes on with those below it.
    const named = namedPeer(ctx, req.offsetPeer)
    const last = pinned.findIndex((d) => (named === 0 ? d.top === req.offsetId : d.peer === named))
    const amid = !first && !req.excludePinned && last >= 0
    const above = amid ? pinned.slice(last + 1) : first && !req.excludePinned ? pinned : []
    const before = first || amid ? undefined : await offset(ctx, req.offsetId, req.offsetDate)
    const others = await savedDialogs(ctx)
      .where('p.rank', 'is', null)
      .$if(before !== undefined, (q) => q.where('s.top', '<', before!))
      .orderBy('s.top', 'desc')
      .limit(limit)
      .execute()
    const rows = [...above, ...others].slice(0, limit)
    const { total } = await ctx.db
      .selectFrom(savedDialogs(ctx).as('d'))
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    const count = req.excludePinned ? total - pinned.length : total
    if (req.hash !== 0n && req.hash === savedHash(rows)) return { _: 'messages.savedDialogsNotModified', count }
    const found = await viewSaved(ctx, rows)
    if (first && rows.length === count) {
      return complete<tl.messages_savedDialogs>(ctx, { _: 'messages.savedDialogs', ...found })
    }
    return complete<tl.messages_savedDialogsSlice>(ctx, { _: 'messages.savedDialogsSlice', count, ...found })
  },
  { flood: 'read' },
)

/** The topics of a channel's direct messages. */
async function ofMonoforum(
  ctx: Ctx,
  monoforum: ChannelRef,
  req: Params<'messages.getSavedDialogs'>,
): Promise<tl.messages_SavedDialogs> {
  const { rows, count, same, first } = await topicPage(ctx, monoforum, req)
  if (same) return { _: 'messages.savedDialogsNotModified', count }
  const found = await viewTopics(ctx, monoforum, rows)
  if (first && rows.length === count) {
    return complete<tl.messages_savedDialogs>(ctx, { _: 'messages.savedDialogs', ...found })
  }
  return complete<tl.messages_savedDialogsSlice>(ctx, { _: 'messages.savedDialogsSlice', count, ...found })
}

/** The top message below which the page begins: ids and dates of one's own messages rise together. */
async function offset(ctx: Ctx, id: number, date: number): Promise<number> {
  if (id > 0) return (await messageRow(ctx, ctx.userId, id))?.id ?? id
  const row = await ctx.db
    .selectFrom('message')
    .select((eb) => eb.fn.max('id').as('id'))
    .where('owner', '=', ctx.userId)
    .where('saved_peer', 'is not', null)
    .where('date', '<', date)
    .executeTakeFirst()
  return (row?.id ?? 0) + 1
}
