import type { ChannelRef } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { type DirectTopic, managersOf } from '../../domain/direct-messages.ts'
import { viewDraft } from '../../domain/drafts.ts'
import { listHash } from '../../domain/list-hash.ts'
import { dialogRow, messageRows } from '../../domain/message-rows.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { toPeer } from '../../domain/peers.ts'
import { UNSEEN } from '../../domain/reactions.ts'
import { threadState } from '../../domain/thread-states.ts'
import { tellUnreadMark } from '../../domain/unread-mark.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { query } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'

const readBy = query<{ channel: number; user: number; peers: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('direct_read')
    .selectAll()
    .where('channel_id', '=', p.channel)
    .where('user_id', '=', p.user)
    .where('peer', 'in', d.each(p.peers) as never),
)
/** What was written to the channel after an id, and the channel's own messages with reactions nobody has seen. */
const unreadIn = query<{ owner: number; peer: number; after: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', '=', p.owner)
    .where('saved_peer', '=', p.peer)
    .where('from_id', '=', p.peer)
    .where('id', '>', p.after),
)
const unseenIn = query<{ owner: number; peer: number; user: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', '=', p.owner)
    .where('saved_peer', '=', p.peer)
    .where('sender', '=', p.user)
    .where('unseen', '>=', UNSEEN.reactions),
)
const setRead = query<{ channel: number; user: number; peer: number; to: number; mark: number }>()((db, p) =>
  db
    .insertInto('direct_read')
    .values({ channel_id: p.channel, user_id: p.user, peer: p.peer, read_inbox: p.to, unread_mark: p.mark })
    .onConflict((c) =>
      c.columns(['channel_id', 'user_id', 'peer']).doUpdateSet({ read_inbox: p.to, unread_mark: p.mark }),
    ),
)

/** The topics of a monoforum, those with the newest messages first. */
export function topicsOf(ctx: Ctx, monoforum: ChannelRef) {
  return ctx.db.selectFrom('direct_topic').where('channel_id', '=', monoforum.id).where('top_message', '>', 0)
}

/** How far the caller has read in topics, by their peers: what they have read of the monoforum as a whole counts. */
async function readsOf(ctx: Ctx, monoforum: ChannelRef, peers: readonly number[]) {
  const whole = (await dialogRow(ctx, ctx.userId, monoforum.peer))?.read_inbox ?? 0
  const rows = await ctx.run(readBy, { channel: monoforum.id, user: ctx.userId, peers })
  const own = new Map(rows.map((row) => [row.peer, row]))
  return (peer: number) => {
    const row = own.get(peer)
    return { to: Math.max(whole, row?.read_inbox ?? 0), mark: row?.unread_mark === 1 }
  }
}

/** https://core.telegram.org/constructor/monoForumDialog */
export async function viewTopics(
  ctx: Ctx,
  monoforum: ChannelRef,
  topics: readonly DirectTopic[],
): Promise<{ dialogs: tl.SavedDialog[]; messages: tl.Message[]; users: []; chats: [] }> {
  const owner = monoforum.peer
  const peers = topics.map((topic) => topic.peer)
  const read = await readsOf(ctx, monoforum, peers)
  const dialogs: tl.SavedDialog[] = []
  for (const topic of topics) {
    const { peer } = topic
    const { to, mark } = read(peer)
    const [unread] = await ctx.run(unreadIn, { owner, peer, after: to })
    const [unseen] = await ctx.run(unseenIn, { owner, peer, user: ctx.userId })
    dialogs.push({
      _: 'monoForumDialog',
      unreadMark: mark || undefined,
      nopaidMessagesException: topic.free === 1 || undefined,
      peer: toPeer(peer),
      topMessage: topic.top_message,
      readInboxMaxId: to,
      readOutboxMaxId: topic.read_outbox,
      unreadCount: unread!.count,
      unreadReactionsCount: unseen!.count,
      draft: await draftIn(ctx, monoforum, peer),
    })
  }
  const tops = await messageRows(
    ctx,
    owner,
    topics.map((topic) => topic.top_message),
  )
  return { dialogs, messages: await viewMessages(ctx, tops), users: [], chats: [] }
}

/** What the caller has begun to answer somebody. */
async function draftIn(ctx: Ctx, monoforum: ChannelRef, peer: number): Promise<tl.DraftMessage | undefined> {
  const draft = (await threadState(ctx, ctx.userId, monoforum.peer, peer))?.draft
  return draft ? viewDraft(ctx, draft) : undefined
}

interface TopicPage {
  offsetDate: number
  offsetId: number
  limit: number
  hash: bigint
}

/** A page of topics, and how many there are; undefined where the client has it already. */
export async function topicPage(ctx: Ctx, monoforum: ChannelRef, page: TopicPage) {
  const { offsetDate, offsetId, hash } = page
  const rows = await topicsOf(ctx, monoforum)
    .selectAll()
    .$if(offsetId > 0, (q) => q.where('top_message', '<', offsetId))
    .$if(offsetId <= 0 && offsetDate > 0, (q) => q.where('top_date', '<', offsetDate))
    .orderBy('top_message', 'desc')
    .limit(pageLimit(page.limit))
    .execute()
  const { count } = await topicsOf(ctx, monoforum)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const same = hash !== 0n && hash === listHash(rows.flatMap((row) => [row.peer, row.top_message]))
  return { rows, count, same, first: offsetId <= 0 && offsetDate <= 0 }
}

/** Marks a topic read by the caller up to an id: their devices are told, and whoever wrote to the channel. */
export async function readTopic(tx: Tx, monoforum: ChannelRef, topic: DirectTopic, maxId: number): Promise<void> {
  const { id: channelId, peer: owner } = monoforum
  const { peer } = topic
  await lockBoxes(tx, [tx.userId])
  const before = (await readsOf(tx, monoforum, [peer]))(peer)
  const to = maxId > 0 ? Math.min(maxId, topic.top_message) : topic.top_message
  if (to <= before.to && !before.mark) return
  await tx.run(setRead, { channel: channelId, user: tx.userId, peer, to: Math.max(to, before.to), mark: 0 })
  if (before.mark) await tellUnreadMark(tx, owner, false, peer)
  if (to <= before.to) return
  const update: tl.Update = { _: 'updateReadMonoForumInbox', channelId, savedPeerId: toPeer(peer), readMaxId: to }
  await tx.publish(tx.userId, { kind: 'update', update })
  const raised = await tx.trx
    .updateTable('dialog')
    .set({ read_outbox: to })
    .where('owner', '=', peer)
    .where('peer', '=', owner)
    .where('read_outbox', '<', to)
    .returning('owner')
    .executeTakeFirst()
  if (!raised || (await managersOf(tx, channelId)).includes(peer)) return
  await tx.publish(peer, { kind: 'update', update: { _: 'updateReadChannelOutbox', channelId, maxId: to } })
}
