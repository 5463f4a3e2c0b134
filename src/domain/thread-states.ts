import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { boxState, lockBoxes } from '../updates/log.ts'
import type { ChannelRef } from './access.ts'
import { unreadIn } from './channel-messages.ts'
import { isIn } from './channel-rights.ts'
import { postOf } from './comments.ts'
import { dialogRow } from './message-rows.ts'
import { bareId } from './peers.ts'
import { newestIn } from './thread-counts.ts'
import { beforeTopics, inThreadOf } from './threads.ts'
import { GENERAL, topicRow } from './topics.ts'

export type ThreadStateRow = Selectable<Tables['thread_state']>

const stateOf = query<{ owner: number; peer: number; thread: number }>()((db, p) =>
  db
    .selectFrom('thread_state')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('thread', '=', p.thread),
)
const statesOf = query<{ owner: number; peer: number; threads: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('thread_state')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('thread', 'in', d.each(p.threads) as never),
)
const setInbox = query<{ owner: number; peer: number; thread: number; to: number }>()((db, p) =>
  db
    .insertInto('thread_state')
    .values({ owner: p.owner, peer: p.peer, thread: p.thread, read_inbox: p.to })
    .onConflict((c) =>
      c
        .columns(['owner', 'peer', 'thread'])
        .doUpdateSet({ read_inbox: p.to })
        .where('thread_state.read_inbox', '<', p.to),
    )
    .returning('read_inbox'),
)
const raiseOutbox = query<{ owner: number; peer: number; thread: number; to: number }>()((db, p) =>
  db
    .insertInto('thread_state')
    .values({ owner: p.owner, peer: p.peer, thread: p.thread, read_outbox: p.to })
    .onConflict((c) =>
      c
        .columns(['owner', 'peer', 'thread'])
        .doUpdateSet({ read_outbox: p.to })
        .where('thread_state.read_outbox', '<', p.to),
    )
    .returning('owner'),
)
/** The newest message of each author in a stretch of a thread. */
const newlyRead = query<{ owner: number; thread: number; after: number; to: number; user: number }>()((db, p, d) =>
  db
    .selectFrom('message')
    .select((eb) => ['sender', eb.fn.max<number>('id').as('id')])
    .where('owner', '=', p.owner)
    .where(inThreadOf(d, p.thread))
    .where('id', '>', p.after)
    .where('id', '<=', p.to)
    .where('sender', '<>', p.user)
    .groupBy('sender'),
)
const readTo = query<{ channel: number; id: number; to: number }>()((db, p) =>
  db
    .updateTable('forum_topic')
    .set({ read_to: p.to })
    .where('channel_id', '=', p.channel)
    .where('id', '=', p.id)
    .where('read_to', '<', p.to),
)

export async function threadState(
  ctx: Ctx,
  owner: number,
  peer: number,
  thread: number,
): Promise<ThreadStateRow | undefined> {
  const [row] = await ctx.run(stateOf, { owner, peer, thread })
  return row
}

/** An account's (the caller's) states of several threads of one dialog, by thread. */
export async function threadStates(
  ctx: Ctx,
  peer: number,
  threads: readonly number[],
  owner = ctx.userId,
): Promise<Map<number, ThreadStateRow>> {
  if (threads.length === 0) return new Map()
  return new Map((await ctx.run(statesOf, { owner, peer, threads })).map((row) => [row.thread, row]))
}

/** Notes how far an account has read a thread; false where it had read as far. */
export async function setThreadRead(tx: Tx, owner: number, peer: number, thread: number, to: number): Promise<boolean> {
  return (await tx.run(setInbox, { owner, peer, thread, to })).length > 0
}

/** How far the caller has read all of a supergroup: no thread of it is less read. 0 for who is not in it. */
export async function readOfAll(ctx: Ctx, channel: ChannelRef): Promise<number> {
  if (!isIn(channel.member)) return 0
  return (await dialogRow(ctx, ctx.userId, channel.peer))?.read_inbox ?? 0
}

/** Further back than so many messages nobody is told that they have been read. */
const LOOKED_AT = 1000

/**
 * Marks a thread or topic read up to an id (its newest message at most): the caller's devices are told, and whoever
 * wrote what has become read. https://core.telegram.org/method/messages.readDiscussion
 */
export async function readThread(tx: Tx, channel: ChannelRef, thread: number, maxId: number): Promise<void> {
  const { peer, id: channelId } = channel
  const owner = tx.userId
  const newest = await newestIn(tx, channel, thread)
  const to = Math.min(maxId, newest?.id ?? 0)
  const before = Math.max((await threadState(tx, owner, peer, thread))?.read_inbox ?? 0, await readOfAll(tx, channel))
  if (to <= before) return
  const topic = channel.row.forum === 1 ? await topicRow(tx, channelId, thread) : undefined
  const after = Math.max(before, topic?.read_to ?? 0, to - LOOKED_AT)
  const read = await newlyReadIn(tx, channel, thread, after, to)
  await lockBoxes(tx, [...new Set([owner, ...read.map((one) => one.sender)])])
  if (!(await setThreadRead(tx, owner, peer, thread, to))) return
  await tellReader(tx, channel, thread, to)
  const raised = await Promise.all(
    read.map(async (one) =>
      (await tx.run(raiseOutbox, { owner: one.sender, peer, thread, to: one.id })).map(() => one),
    ),
  )
  await tx.publishAll(
    raised.flat().map(({ sender, id: readMaxId }) => {
      const update = { _: 'updateReadChannelDiscussionOutbox' as const, channelId, topMsgId: thread, readMaxId }
      return [sender, { kind: 'update', update }]
    }),
  )
  if (topic) {
    await tx.run(readTo, { channel: channelId, id: thread, to })
    await settleDialog(tx, channel)
  }
}

async function newlyReadIn(tx: Tx, channel: ChannelRef, thread: number, after: number, to: number) {
  const { peer } = channel
  const newest = new Map<number, number>()
  const note = (rows: readonly { sender: number | null; id: number }[]) => {
    for (const { sender, id } of rows) {
      if (sender !== null && sender > 0) newest.set(sender, Math.max(id, newest.get(sender) ?? 0))
    }
  }
  note(await tx.run(newlyRead, { owner: peer, thread, after, to, user: tx.userId }))
  if (thread === GENERAL && after < channel.row.forum_since) {
    note(
      await tx.db
        .selectFrom('message')
        .select((eb) => ['sender', eb.fn.max<number>('id').as('id')])
        .where('owner', '=', peer)
        .where('peer', '=', peer)
        .where('id', '>', after)
        .where('id', '<=', to)
        .where('sender', '<>', tx.userId)
        .where(beforeTopics(channel))
        .groupBy('sender')
        .execute(),
    )
  }
  return [...newest].map(([sender, id]) => ({ sender, id })).sort((a, b) => a.sender - b.sender)
}

async function tellReader(tx: Tx, channel: ChannelRef, thread: number, to: number): Promise<void> {
  const post = channel.row.linked === null ? undefined : await postOf(tx, channel.peer, thread)
  const update: tl.Update = {
    _: 'updateReadChannelDiscussionInbox',
    channelId: channel.id,
    topMsgId: thread,
    readMaxId: to,
    broadcastId: post && bareId(post.owner),
    broadcastPost: post?.post,
  }
  await tx.publish(tx.userId, { kind: 'update', update })
}

const setRead = query<{ owner: number; peer: number; to: number }>()((db, p) =>
  db
    .updateTable('dialog')
    .set({ read_inbox: p.to, unread_mark: 0 })
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('read_inbox', '<', p.to),
)

/** Whoever has read every topic of a forum has read the forum. */
async function settleDialog(tx: Tx, channel: ChannelRef): Promise<void> {
  const { peer, row } = channel
  const owner = tx.userId
  const dialog = isIn(channel.member) ? await dialogRow(tx, owner, peer) : undefined
  if (!dialog || dialog.read_inbox >= row.top_message) return
  if ((await unreadIn(tx, peer, owner, dialog.read_inbox)) > 0) return
  await tx.run(setRead, { owner, peer, to: row.top_message })
  const { pts } = await boxState(tx, peer)
  const update: tl.Update = {
    _: 'updateReadChannelInbox',
    folderId: dialog.folder || undefined,
    channelId: channel.id,
    maxId: row.top_message,
    stillUnreadCount: 0,
    pts,
  }
  await tx.publish(owner, { kind: 'update', update })
}
