import { sql } from 'kysely'
import { draftPlace, viewDraft } from '../../domain/drafts.ts'
import { CHANNEL_BASE, MONOFORUM_BASE, toPeer } from '../../domain/peers.ts'
import { asUpdates } from '../../domain/sent.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.getAllDrafts',
  async (ctx) => {
    const rows = await ctx.db
      .selectFrom('dialog')
      .select(['peer', 'draft'])
      .where('owner', '=', ctx.userId)
      .where('draft', 'is not', null)
      .orderBy('draft_date', 'desc')
      .orderBy('peer')
      .execute()
    const updates = rows.map((row): tl.Update => {
      return { _: 'updateDraftMessage', peer: toPeer(row.peer), draft: viewDraft(ctx, row.draft!) }
    })
    const inTopics = await ctx.db
      .selectFrom('thread_state')
      .select(['peer', 'thread', 'draft'])
      .where('owner', '=', ctx.userId)
      .where('draft', 'is not', null)
      // What was being written in a topic goes with it.
      .where((eb) =>
        eb.or([
          eb('thread_state.peer', '<', CHANNEL_BASE - MONOFORUM_BASE),
          eb.exists(
            eb
              .selectFrom('bot_topic as b')
              .select('b.id')
              .where('b.owner', '=', ctx.userId)
              .whereRef('b.peer', '=', 'thread_state.peer')
              .whereRef('b.id', '=', 'thread_state.thread')
              .where('b.deleted', '=', 0),
          ),
          eb.exists(
            eb
              .selectFrom('forum_topic as t')
              .select('t.id')
              .where('t.channel_id', '=', sql<number>`${sql.lit(CHANNEL_BASE)} - thread_state.peer`)
              .whereRef('t.id', '=', 'thread_state.thread')
              .where('t.deleted', '=', 0),
          ),
        ]),
      )
      .orderBy('draft_date', 'desc')
      .orderBy('thread')
      .execute()
    for (const { peer, thread, draft } of inTopics) {
      updates.push({
        ...{ _: 'updateDraftMessage', peer: toPeer(peer), ...draftPlace(peer, thread) },
        draft: viewDraft(ctx, draft!),
      })
    }
    return asUpdates(ctx, updates)
  },
  { flood: 'read' },
)
