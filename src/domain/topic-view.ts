import { sql } from 'kysely'
import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import type { ChannelRef } from './access.ts'
import { isIn } from './channel-rights.ts'
import { viewDraft } from './drafts.ts'
import { type DialogRow, dialogRow } from './message-rows.ts'
import { topicNotifySettings } from './notify.ts'
import { bareId, toPeer } from './peers.ts'
import { UNSEEN } from './reactions.ts'
import { unreadInThread } from './thread-counts.ts'
import { type ThreadStateRow, threadStates } from './thread-states.ts'
import { GENERAL, type TopicRow, topicRows } from './topics.ts'

const mentions = query<{ channel: number; owner: number; user: number }>()((db, p) =>
  db
    .selectFrom('channel_mention as c')
    .innerJoin('message as m', (j) => j.on('m.owner', '=', p.owner).onRef('m.id', '=', 'c.message_id'))
    .select((eb) => ['m.thread', eb.fn.countAll<number>().as('count')])
    .where('c.channel_id', '=', p.channel)
    .where('c.user_id', '=', p.user)
    .where('c.seen', '=', 0)
    .groupBy('m.thread'),
)
const unseen = query<{ owner: number; user: number; bit: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select((eb) => ['thread', eb.fn.countAll<number>().as('count')])
    .where('owner', '=', p.owner)
    .where('peer', '=', p.owner)
    .where('unseen', '>', 0)
    .where(sql<boolean>`(unseen & ${p.bit}) <> 0`)
    .where('sender', '=', p.user)
    .groupBy('thread'),
)

/** What a topic is called and looks like, and what is its newest message. */
type Looks = Pick<
  TopicRow,
  | 'id'
  | 'date'
  | 'title'
  | 'title_missing'
  | 'icon_color'
  | 'icon_emoji'
  | 'closed'
  | 'hidden'
  | 'pinned'
  | 'top_message'
  | 'from_id'
>

/** What of a topic is the same for everybody, as notes of what was done with it keep it. */
export function viewBareTopic(place: Pick<ChannelRef, 'peer'>, row: Looks): tl.forumTopic {
  return {
    _: 'forumTopic',
    closed: row.closed === 1 || undefined,
    pinned: row.pinned > 0 || undefined,
    hidden: row.hidden === 1 || undefined,
    titleMissing: row.title_missing === 1 || undefined,
    id: row.id,
    date: row.date,
    peer: toPeer(place.peer),
    title: row.title,
    iconColor: row.icon_color,
    iconEmojiId: row.icon_emoji === null ? undefined : BigInt(row.icon_emoji),
    topMessage: row.top_message,
    readInboxMaxId: 0,
    readOutboxMaxId: 0,
    unreadCount: 0,
    unreadMentionsCount: 0,
    unreadReactionsCount: 0,
    unreadPollVotesCount: 0,
    fromId: toPeer(row.from_id),
    notifySettings: { _: 'peerNotifySettings' },
  }
}

/** The topics that messages of a forum are in, with no more than what they are called and look like. */
export async function topicsOfRows(
  ctx: Ctx,
  channel: ChannelRef,
  rows: readonly { thread: number | null }[],
): Promise<tl.forumTopic[]> {
  const topics = await topicRows(ctx, channel.id, [...new Set(rows.map((row) => row.thread ?? GENERAL))])
  return [...topics.values()].map((row) => {
    return { ...viewBareTopic(channel, row), short: true, my: row.creator === ctx.viewer || undefined }
  })
}

/** Topics as their viewer sees them. https://core.telegram.org/constructor/forumTopic */
export async function viewTopics(ctx: Ctx, channel: ChannelRef, rows: readonly TopicRow[]): Promise<tl.forumTopic[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const states = await threadStates(ctx, channel.peer, ids)
  const dialog = isIn(channel.member) ? await dialogRow(ctx, ctx.userId, channel.peer) : undefined
  const settings = await topicNotifySettings(ctx, ctx.userId, channel.peer, ids)
  const counts = await countsOf(ctx, channel, dialog)
  const views: tl.forumTopic[] = []
  for (const row of rows) {
    const state = states.get(row.id)
    // What is written without naming a topic is for the general one.
    const draft = row.id === GENERAL ? dialog?.draft : state?.draft
    const read = dialog ? Math.max(dialog.read_inbox, state?.read_inbox ?? 0) : (state?.read_inbox ?? row.top_message)
    views.push({
      ...viewBareTopic(channel, row),
      my: row.creator === ctx.userId || undefined,
      readInboxMaxId: Math.min(read, Math.max(row.top_message, state?.read_inbox ?? 0)),
      readOutboxMaxId: outboxOf(row, dialog, state),
      unreadCount: read >= row.top_message ? 0 : await unreadInThread(ctx, channel, row.id, read),
      unreadMentionsCount: counts.mentions.get(row.id) ?? 0,
      unreadReactionsCount: counts.reactions.get(row.id) ?? 0,
      unreadPollVotesCount: counts.votes.get(row.id) ?? 0,
      notifySettings: settings.get(row.id)!,
      draft: draft ? viewDraft(ctx, draft) : undefined,
    })
  }
  return views
}

function outboxOf(row: TopicRow, dialog: DialogRow | undefined, state: ThreadStateRow | undefined): number {
  return Math.min(row.top_message, Math.max(state?.read_outbox ?? 0, dialog?.read_outbox ?? 0))
}

/** What the viewer has not seen, by topic: nothing is read where there is nothing in the whole forum. */
async function countsOf(ctx: Ctx, channel: ChannelRef, dialog: DialogRow | undefined) {
  const user = ctx.userId
  const { peer: owner } = channel
  const byTopic = async (any: number | undefined, read: () => Promise<{ thread: number | null; count: number }[]>) => {
    const counts = new Map<number, number>()
    if (!any) return counts
    const rows = await read()
    const threads = rows.map((row) => row.thread ?? GENERAL)
    const topics = await topicRows(ctx, channel.id, threads)
    for (const { thread, count } of rows) {
      // What was said before there were topics is general.
      const topic = thread !== null && topics.has(thread) ? thread : GENERAL
      counts.set(topic, (counts.get(topic) ?? 0) + count)
    }
    return counts
  }
  return {
    mentions: await byTopic(dialog?.unread_mentions, () => ctx.run(mentions, { channel: bareId(owner), owner, user })),
    reactions: await byTopic(dialog?.unread_reactions, () => ctx.run(unseen, { owner, user, bit: UNSEEN.reactions })),
    votes: await byTopic(dialog?.unread_votes, () => ctx.run(unseen, { owner, user, bit: UNSEEN.votes })),
  }
}
