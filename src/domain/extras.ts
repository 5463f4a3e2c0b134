import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import type { FactKind, Logged } from '../updates/facts.ts'
import { viewReplies } from './comments.ts'
import { isChecked, markChecked } from './fact-checks.ts'
import { shownTo } from './message-facts.ts'
import { type MessageRow, messageRows } from './message-rows.ts'
import { MEDIA_KIND } from './message-view.ts'
import { loadPolls, pollUpdate } from './polls.ts'
import { reactionsUpdate, viewReactions } from './reactions.ts'
import { suggestionsOf } from './suggested-posts.ts'
import { addPages } from './web/pages.ts'

declare module '../updates/facts.ts' {
  interface Facts {
    /** Somebody changed their reactions to a message: one in that box, or in the `box` of a large channel. */
    reactions: { ref: number; box?: number }
    /** Votes in a message's poll, or the poll itself, changed: in that box, or in a channel's. */
    poll: { ref: number; box?: number }
  }
}

/**
 * Adds to messages what is kept apart from them: reactions, and how their polls stand. Nothing is read for messages
 * that have neither.
 */
export async function addExtras(ctx: Ctx, rows: readonly MessageRow[], views: readonly tl.Message[]): Promise<void> {
  if (views.some((view) => view._ === 'message' && view.media?._ === 'messageMediaWebPage')) await addPages(ctx, views)
  if (rows.some((row) => row.owner < 0 && row.saved_peer !== null)) {
    const suggestions = await suggestionsOf(ctx, rows)
    rows.forEach((row, i) => {
      const found = suggestions.get(row)
      if (found) (views[i] as tl.message).suggestedPost = found
    })
  }
  if (rows.some((row) => row.reacted === 1)) {
    const reactions = await viewReactions(ctx, rows)
    rows.forEach((row, i) => {
      const found = reactions.get(row)
      if (found) (views[i] as tl.message).reactions = found
    })
  }
  if (rows.some(isChecked)) await markChecked(ctx, rows, views)
  if (rows.some((row) => row.replies !== null)) {
    const replies = await viewReplies(ctx, rows)
    rows.forEach((row, i) => {
      const found = replies.get(row)
      if (found) (views[i] as tl.message).replies = found
    })
  }
  if (rows.some((row) => (row.media_kind & MEDIA_KIND.poll) !== 0)) {
    const polls = await loadPolls(ctx, rows)
    rows.forEach((row, i) => {
      const found = polls.get(row)
      if (found) (views[i] as tl.message).media = found
    })
  }
}

/** A fact about a message that shows as it is when it is read; of a message that is gone nothing is told. */
function refKind<K extends 'reactions' | 'poll', V>(
  load: (ctx: Ctx, rows: readonly MessageRow[]) => Promise<Map<MessageRow, V>>,
  build: (row: MessageRow, view: V | undefined) => tl.Update | undefined,
): FactKind<K> {
  return {
    pts: () => 0,
    async render(viewer: Ctx, facts: readonly Logged<K>[]) {
      const boxOf = ({ owner, fact }: Logged<K>) => (fact as { box?: number }).box ?? owner
      const updates = new Map<string, tl.Update | undefined>()
      for (const [box, own] of Map.groupBy(facts, boxOf)) {
        const named = await messageRows(viewer, box, [...new Set(own.map((f) => f.fact.ref))])
        const rows = await shownTo(viewer, box, named)
        const views = await load(viewer, rows)
        for (const row of rows) updates.set(`${box} ${row.id}`, build(row, views.get(row)))
      }
      return facts.map((f) => updates.get(`${boxOf(f)} ${f.fact.ref}`))
    },
  }
}

export const extraFacts: { reactions: FactKind<'reactions'>; poll: FactKind<'poll'> } = {
  reactions: refKind<'reactions', tl.messageReactions>(viewReactions, reactionsUpdate),
  poll: refKind<'poll', tl.messageMediaPoll>(loadPolls, (row, media) => media && pollUpdate(row, media)),
}
