import { sql } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { boxState, lockBoxes, type Published } from '../updates/log.ts'
import type { ChannelRef, MessageRef } from './access.ts'
import { addressed } from './channel-events.ts'
import { scheduleHeir } from './channel-heirs.ts'
import { logEvent, takeOut } from './channel-members.ts'
import { hasRight, isAnonymous, isIn } from './channel-rights.ts'
import { channelRow } from './channel-rows.ts'
import { speaksFor } from './channel-send.ts'
import { noteStats, noteVisit } from './channel-stats.ts'
import { UNREAD_COUNTED, unreadEstimate } from './channel-unread.ts'
import { ROLE } from './chat-rows.ts'
import { managersOf, settleTopics, unreadDirect } from './direct-messages.ts'
import { forgetFactChecks } from './fact-checks.ts'
import { dialogRow, type MessageRow } from './message-rows.ts'
import { wordsOf } from './message-view.ts'
import { bareId, toPeer } from './peers.ts'
import { markRead, READ_MARK_MEMBERS, raiseOutbox } from './read-marks.ts'
import { removeMessages } from './remove-messages.ts'
import { settleThreads } from './thread-counts.ts'
import { notReadInTopic } from './threads.ts'
import { tellUnreadMark } from './unread-mark.ts'

const newest = query<{ owner: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select(['id', 'date'])
    .where('owner', '=', p.owner)
    .where('peer', '=', p.owner)
    .orderBy('id', 'desc')
    .limit(1),
)
const settle = query<{ id: number; gone: number; top: number; date: number }>()((db, p) =>
  db
    .updateTable('channel')
    .set((eb) => ({ messages: eb('messages', '-', p.gone), top_message: p.top, top_date: p.date }))
    .where('id', '=', p.id),
)
const dropSeen = query<{ channel: number; ids: readonly number[] }>()((db, p, d) =>
  db
    .deleteFrom('channel_seen')
    .where('channel_id', '=', p.channel)
    .where('message_id', 'in', d.each(p.ids) as never),
)
const unseenMentions = query<{ channel: number; ids: readonly number[] }>()((db, p, d) =>
  db
    .deleteFrom('channel_mention')
    .where('channel_id', '=', p.channel)
    .where('message_id', 'in', d.each(p.ids) as never)
    .returning(['user_id', 'seen']),
)
const fewerMentions = query<{ owner: number; peer: number }>()((db, p) =>
  db
    .updateTable('dialog')
    .set((eb) => ({ unread_mentions: eb('unread_mentions', '-', 1) }))
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('unread_mentions', '>', 0),
)

/** Brings a channel's own row up to messages that were deleted out of it. */
export async function settleChannel(tx: Tx, owner: number, gone: readonly MessageRow[]): Promise<void> {
  const id = bareId(owner)
  const [top] = await tx.run(newest, { owner })
  await tx.run(settle, { id, gone: gone.length, top: top?.id ?? 0, date: top?.date ?? tx.now })
  if (gone.some((row) => row.saved_peer !== null)) await settleTopics(tx, id, gone)
  const ids = gone.map((row) => row.id)
  await tx.run(dropSeen, { channel: id, ids })
  await forgetFactChecks(tx, owner, gone)
  await settleThreads(tx, owner, gone)
  if (!gone.some((row) => row.mentioned === 1)) return
  for (const { user_id, seen } of await tx.run(unseenMentions, { channel: id, ids })) {
    if (seen === 0) await tx.run(fewerMentions, { owner: user_id, peer: owner })
  }
}

/** Whether the viewer said this, or may speak for who did. */
export function isOwn(ctx: Ctx, channel: ChannelRef, row: MessageRow): boolean {
  if (row.sender === ctx.viewer) return true
  return channel.row.megagroup === 1 && row.from_id === channel.peer && speaksFor(channel) && isAnonymous(channel)
}

/**
 * Deletes messages of a channel: one's own, and as an administrator with that right all. What is not to be deleted is
 * refused with all of it: MESSAGE_DELETE_FORBIDDEN. https://core.telegram.org/method/channels.deleteMessages
 */
export async function deleteInChannel(
  tx: Tx,
  channel: ChannelRef,
  messages: readonly MessageRef[],
): Promise<Published | undefined> {
  await lockBoxes(tx, [channel.peer])
  const all = hasRight(channel, 'deleteMessages')
  const may = (row: MessageRow) => {
    // What says that it was made, and where a topic begins, go with it alone.
    if (row.action && (row.id === 1 || row.thread === row.id)) return false
    if (all) return true
    // Comments are made, and taken back, also by who is not in the group.
    if (row.sender !== tx.userId || (!isIn(channel.member) && channel.row.linked === null)) return false
    return channel.row.megagroup === 1 ? !row.action : hasRight(channel, 'postMessages')
  }
  if (!messages.every((m) => may(m.row))) throw new RpcError('MESSAGE_DELETE_FORBIDDEN')
  const rows = messages.map((m) => m.row)
  const others = rows.filter((row) => row.sender !== tx.userId || channel.row.megagroup === 0)
  for (const row of others) {
    const message = addressed(tx, row)
    await logEvent(tx, channel.id, 'delete', { _: 'channelAdminLogEventActionDeleteMessage', message }, wordsOf(row))
  }
  return (await removeMessages(tx, new Map([[channel.peer, rows]]))).get(channel.peer)
}

const unread = query<{ owner: number; user: number; after: number }>()((db, p) =>
  db
    .selectFrom(
      db
        .selectFrom('message')
        .select('id')
        .where('owner', '=', p.owner)
        .where('id', '>', p.after)
        .where('sender', '<>', p.user)
        .limit(sql.lit(UNREAD_COUNTED + 1) as never)
        .as('some'),
    )
    .select((eb) => eb.fn.countAll<number>().as('count')),
)
const unreadInTopics = query<{ owner: number; user: number; after: number; channel: number }>()((db, p) =>
  db
    .selectFrom(
      db
        .selectFrom('message as x')
        .innerJoin('channel as c', (j) => j.on('c.id', '=', p.channel))
        .select('x.id')
        .where('x.owner', '=', p.owner)
        .where('x.id', '>', p.after)
        .where('x.sender', '<>', p.user)
        .where(notReadInTopic(p.user))
        .limit(sql.lit(UNREAD_COUNTED + 1) as never)
        .as('some'),
    )
    .select((eb) => eb.fn.countAll<number>().as('count')),
)
const setRead = query<{ owner: number; peer: number; to: number }>()((db, p) =>
  db
    .updateTable('dialog')
    .set({ read_inbox: p.to, unread_mark: 0 })
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer),
)
/** The newest message of each author that nobody else had read yet. */
const newlyRead = query<{ owner: number; after: number; to: number; user: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select((eb) => ['sender', eb.fn.max<number>('id').as('id')])
    .where('owner', '=', p.owner)
    .where('peer', '=', p.owner)
    .where('id', '>', p.after)
    .where('id', '<=', p.to)
    .where('sender', '<>', p.user)
    .groupBy('sender'),
)
const readTo = query<{ id: number; to: number }>()((db, p) =>
  db.updateTable('channel').set({ read_to: p.to }).where('id', '=', p.id).where('read_to', '<', p.to),
)

const unreadDirectly = query<{ owner: number; user: number; after: number; channel: number }>()((db, p) =>
  db
    .selectFrom('message as x')
    .innerJoin('channel as c', (j) => j.on('c.id', '=', p.channel))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('x.owner', '=', p.owner)
    .where('x.peer', '=', p.owner)
    .where('x.id', '>', p.after)
    .where('x.sender', '<>', p.user)
    .where(unreadDirect(p.user)),
)

/** Messages of others after an id: what of a channel somebody has not read. */
export async function unreadIn(ctx: Ctx, owner: number, user: number, after: number): Promise<number> {
  const channel = await channelRow(ctx, bareId(owner))
  const count = channel?.monoforum === 1 ? unreadDirectly : channel?.forum === 1 ? unreadInTopics : unread
  const [row] = await ctx.run(count, { owner, user, after, channel: bareId(owner) })
  return channel && channel.monoforum === 0 ? unreadEstimate(row!.count, channel, after) : row!.count
}

/** Further back than so many messages nobody is told that they have been read. */
const LOOKED_AT = 1000

/**
 * Marks a channel read up to an id (0: all of it): the caller's devices are told, and in supergroups whoever wrote what
 * nobody else had read. https://core.telegram.org/method/channels.readHistory
 * @returns false when nothing has become read
 */
export async function readChannel(tx: Tx, channel: ChannelRef, maxId: number): Promise<boolean> {
  const owner = tx.userId
  const { peer, row } = channel
  if (!isIn(channel.member)) return false
  const to = maxId > 0 ? Math.min(maxId, row.top_message) : row.top_message
  const tells = channel.topic === undefined && row.megagroup === 1 && row.monoforum === 0 && to > row.read_to
  const authors = tells ? await authorsRead(tx, channel, to) : []
  if (authors.length > 0) await tx.run(readTo, { id: channel.id, to: Math.max(...authors.map((one) => one.id)) })
  await lockBoxes(tx, [owner, ...authors.map((one) => one.sender)])
  const dialog = await dialogRow(tx, owner, peer)
  if (!dialog) return false
  if (to <= dialog.read_inbox) {
    if (dialog.unread_mark === 1) {
      await tx.run(setRead, { owner, peer, to: dialog.read_inbox })
      await tellUnreadMark(tx, peer, false)
    }
    return false
  }
  await tx.run(setRead, { owner, peer, to })
  if (row.megagroup === 1 && row.monoforum === 0 && row.members <= READ_MARK_MEMBERS) markRead(tx, owner, peer, to)
  tx.onCommit(() => noteVisit(tx, channel.id))
  const still = await unreadIn(tx, peer, owner, to)
  const { pts } = await boxState(tx, peer)
  const update: tl.Update = {
    _: 'updateReadChannelInbox',
    folderId: dialog.folder || undefined,
    channelId: channel.id,
    maxId: to,
    stillUnreadCount: still,
    pts,
  }
  await tx.publish(owner, { kind: 'update', update })
  if (channel.topic !== undefined) await readByWriter(tx, channel, channel.topic, to)
  await tellAuthors(tx, channel, authors)
  return true
}

const readAnswers = query<{ channel: number; peer: number; to: number }>()((db, p) =>
  db
    .updateTable('direct_topic')
    .set({ read_outbox: p.to })
    .where('channel_id', '=', p.channel)
    .where('peer', '=', p.peer)
    .where('read_outbox', '<', p.to)
    .returning('peer'),
)

/** Whoever wrote to a channel has read its answers: those who answer are told. */
async function readByWriter(tx: Tx, channel: ChannelRef, topic: number, to: number): Promise<void> {
  const { id } = channel
  if ((await tx.run(readAnswers, { channel: id, peer: topic, to })).length === 0) return
  const savedPeerId = toPeer(topic)
  const update: tl.Update = { _: 'updateReadMonoForumOutbox', channelId: id, savedPeerId, readMaxId: to }
  await tx.publishAll((await managersOf(tx, id)).map((manager) => [manager, { kind: 'update', update }]))
}

/** Whose messages are read now by somebody else for the first time, and the newest of each. */
async function authorsRead(tx: Tx, channel: ChannelRef, to: number): Promise<{ sender: number; id: number }[]> {
  const after = Math.max(channel.row.read_to, to - LOOKED_AT)
  const read = await tx.run(newlyRead, { owner: channel.peer, after, to, user: tx.userId })
  return read.flatMap(({ sender, id }) => (sender === null ? [] : [{ sender, id }]))
}

/** Whoever calls it has locked their boxes: rows come after boxes, and the channel before either. */
async function tellAuthors(
  tx: Tx,
  channel: ChannelRef,
  authors: readonly { sender: number; id: number }[],
): Promise<void> {
  const { peer, id } = channel
  const raised = await Promise.all(
    authors.map(async (read) => (await tx.run(raiseOutbox, { owner: read.sender, peer, to: read.id })).map(() => read)),
  )
  await tx.publishAll(
    raised.flat().map(({ sender, id: maxId }) => {
      return [sender, { kind: 'update', update: { _: 'updateReadChannelOutbox', channelId: id, maxId } }]
    }),
  )
}

const oneForward = query<{ owner: number; id: number }>()((db, p) =>
  db
    .updateTable('message')
    .set((eb) => ({ forwards: eb('forwards', '+', 1) }))
    .where('owner', '=', p.owner)
    .where('id', '=', p.id)
    .where('forwards', 'is not', null)
    .returning(['id', 'date', 'forwards']),
)

/** Counts posts that were forwarded, and tells whoever looks at them. */
export async function countForwards(tx: Tx, channel: ChannelRef, ids: readonly number[]): Promise<void> {
  for (const id of [...ids].sort((a, b) => a - b)) {
    const [row] = await tx.run(oneForward, { owner: channel.peer, id })
    if (!row) continue
    const update: tl.Update = { _: 'updateChannelMessageForwards', channelId: channel.id, id, forwards: row.forwards! }
    tx.onCommit(() => {
      noteStats(tx, channel.id, [row], 'share', '')
      tx.app.hub.signal(channel.peer, update)
    })
  }
}

/** Takes an account out of every channel it is in, when it is deleted. Nobody is told by a message. */
export async function leaveAllChannels(ctx: Ctx, user: number): Promise<void> {
  const rows = await ctx.db
    .selectFrom('channel_member')
    .select(['channel_id', 'role'])
    .where('user_id', '=', user)
    .where('state', '=', 0)
    .orderBy('channel_id')
    .execute()
  for (const { channel_id, role } of rows) {
    await ctx.transact(async (tx) => {
      await takeOut(tx, channel_id, user)
      if (role === ROLE.creator) await scheduleHeir(tx, channel_id, user)
    })
  }
}
