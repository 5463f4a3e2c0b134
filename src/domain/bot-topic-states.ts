import { sql } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { lockBoxes } from '../updates/log.ts'
import type { BotForum, BotTopicRow } from './bot-forums.ts'
import { viewDraft } from './drafts.ts'
import { dialogRow } from './message-rows.ts'
import { topicNotifySettings } from './notify.ts'
import { UNSEEN } from './reactions.ts'
import { setThreadRead, threadState, threadStates } from './thread-states.ts'
import { viewBareTopic } from './topic-view.ts'

/** What of a topic its owner has not read. */
const unread = query<{ owner: number; thread: number; after: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', '=', p.owner)
    .where('thread', '=', p.thread)
    .where('id', '>', p.after)
    .where('out', '=', 0),
)
const unseen = query<{ owner: number; thread: number; bit: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', '=', p.owner)
    .where('thread', '=', p.thread)
    .where('unseen', '>', 0)
    .where(sql<boolean>`(unseen & ${p.bit}) <> 0`),
)
const lowerUnread = query<{ owner: number; peer: number; by: number }>()((db, p) =>
  db
    .updateTable('dialog')
    .set((eb) => ({ unread: eb('unread', '-', p.by) }))
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('unread', '>=', p.by),
)

/** A topic with no more than what it is called and looks like. Such topics are not closed or hidden. */
export function viewShortBotTopic(ctx: Ctx, row: BotTopicRow): tl.forumTopic {
  const looks = { ...row, closed: 0, hidden: 0, from_id: row.creator }
  return { ...viewBareTopic(row, looks), short: true, my: row.creator === ctx.userId || undefined }
}

/** Topics of one chat as the caller has them. https://core.telegram.org/constructor/forumTopic */
export async function viewBotTopics(ctx: Ctx, forum: BotForum, rows: readonly BotTopicRow[]): Promise<tl.forumTopic[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const owner = ctx.userId
  const states = await threadStates(ctx, forum.peer, ids)
  const settings = await topicNotifySettings(ctx, owner, forum.peer, ids)
  const dialog = await dialogRow(ctx, owner, forum.peer)
  const views: tl.forumTopic[] = []
  for (const row of rows) {
    const state = states.get(row.id)
    const read = Math.max(dialog?.read_inbox ?? 0, state?.read_inbox ?? 0)
    const count = async (bit: number, any: number | undefined) =>
      any ? (await ctx.run(unseen, { owner, thread: row.id, bit }))[0]!.count : 0
    views.push({
      ...viewShortBotTopic(ctx, row),
      short: undefined,
      readInboxMaxId: Math.min(read, row.top_message),
      readOutboxMaxId: Math.min(dialog?.read_outbox ?? 0, row.top_message),
      unreadCount:
        read >= row.top_message ? 0 : (await ctx.run(unread, { owner, thread: row.id, after: read }))[0]!.count,
      unreadReactionsCount: await count(UNSEEN.reactions, dialog?.unread_reactions),
      unreadPollVotesCount: await count(UNSEEN.votes, dialog?.unread_votes),
      notifySettings: settings.get(row.id)!,
      draft: state?.draft ? viewDraft(ctx, state.draft) : undefined,
    })
  }
  return views
}

/**
 * Marks a topic of a bot's chat read up to an id (its newest message at most): the caller's other devices are told. The
 * bot is not: bots learn nothing of what people have read.
 * https://core.telegram.org/method/messages.readDiscussion
 */
export async function readBotTopic(tx: Tx, topic: BotTopicRow, maxId: number): Promise<void> {
  const { owner, peer, id } = topic
  await lockBoxes(tx, [owner])
  const dialog = await dialogRow(tx, owner, peer)
  const to = Math.min(maxId, topic.top_message)
  const before = Math.max((await threadState(tx, owner, peer, id))?.read_inbox ?? 0, dialog?.read_inbox ?? 0)
  if (to <= before || !(await setThreadRead(tx, owner, peer, id, to))) return
  const count = async (after: number) => (await tx.run(unread, { owner, thread: id, after }))[0]!.count
  const still = await count(to)
  const read = (await count(before)) - still
  if (read > 0) await tx.run(lowerUnread, { owner, peer, by: read })
  await tx.publish(owner, { kind: 'readInbox', peer, maxId: to, still, topic: id })
}
