import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { channelRow } from './channel-rows.ts'
import { dialogRow, type MessageRow, messageRow } from './message-rows.ts'
import { isPost } from './message-view.ts'
import { bareId, channelPeer, toPeer } from './peers.ts'
import { reindex } from './search-index.ts'
import { inThreadOf } from './threads.ts'

/** Comments: the threads of channels' posts in their discussion groups. https://core.telegram.org/api/discussion */

const insert = query<{ owner: number; post: number; group: number; copy: number; root: number }>()((db, p) =>
  db.insertInto('discussion').values({ owner: p.owner, post: p.post, group_peer: p.group, copy: p.copy, root: p.root }),
)
const markPost = query<{ owner: number; id: number }>()((db, p) =>
  db.updateTable('message').set({ replies: 0 }).where('owner', '=', p.owner).where('id', '=', p.id),
)
const ofPost = query<{ owner: number; post: number }>()((db, p) =>
  db.selectFrom('discussion').selectAll().where('owner', '=', p.owner).where('post', '=', p.post),
)
const ofCopy = query<{ group: number; copy: number }>()((db, p) =>
  db.selectFrom('discussion').selectAll().where('group_peer', '=', p.group).where('copy', '=', p.copy).limit(1),
)
const lastOf = query<{ owner: number }>()((db, p) =>
  db.selectFrom('discussion').selectAll().where('owner', '=', p.owner).orderBy('post', 'desc').limit(1),
)
/** The posts of one channel that can be commented on, with what was said to each. */
const counted = query<{ owner: number; group: number; posts: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('discussion as d')
    .innerJoin('message as m', (j) => j.onRef('m.owner', '=', 'd.group_peer').onRef('m.id', '=', 'd.copy'))
    .select(['d.post', 'd.copy', 'd.root', 'm.replies'])
    .where('d.owner', '=', p.owner)
    .where('d.group_peer', '=', p.group)
    .where('d.post', 'in', d.each(p.posts) as never),
)
const newest = query<{ owner: number; thread: number; limit: number }>()((db, p, d) =>
  db
    .selectFrom('message')
    .select(['id', 'from_id'])
    .where('owner', '=', p.owner)
    .where(inThreadOf(d, p.thread))
    .orderBy('id', 'desc')
    .limit(p.limit),
)
const readTo = query<{ owner: number; peer: number; threads: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('thread_state')
    .select(['thread', 'read_inbox'])
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('thread', 'in', d.each(p.threads) as never),
)
const dropPosts = query<{ owner: number; posts: readonly number[] }>()((db, p, d) =>
  db
    .deleteFrom('discussion')
    .where('owner', '=', p.owner)
    .where('post', 'in', d.each(p.posts) as never),
)
const dropCopies = query<{ group: number; copies: readonly number[] }>()((db, p, d) =>
  db
    .deleteFrom('discussion')
    .where('group_peer', '=', p.group)
    .where('copy', 'in', d.each(p.copies) as never),
)

/** How many of the latest comments are looked through for their authors, and how many authors show with the post. */
const LOOKED_AT = 10
const SHOWN = 3

/** A channel's post can be commented on from now on: its copy is there. The items of an album share their comments. */
export async function openComments(tx: Tx, post: MessageRow, copy: MessageRow): Promise<void> {
  const before = post.grouped_id === null ? undefined : (await tx.run(lastOf, { owner: post.owner }))[0]
  const beside = before && (await messageRow(tx, post.owner, before.post))
  const root = beside?.grouped_id === post.grouped_id && before?.group_peer === copy.owner ? before.root : copy.id
  await tx.run(insert, { owner: post.owner, post: post.id, group: copy.owner, copy: copy.id, root })
  post.replies = 0
  await tx.run(markPost, { owner: post.owner, id: post.id })
}

/** A post that is edited is edited in the group where it is discussed, too. */
export async function editCopy(
  tx: Tx,
  post: MessageRow,
  set: Pick<MessageRow, 'text' | 'entities' | 'media' | 'media_kind' | 'invert_media' | 'edit_date' | 'edit_hide'>,
): Promise<void> {
  const found = await discussionOf(tx, post.owner, post.id)
  if (!found) return
  const row = await tx.trx
    .updateTable('message')
    .set(set)
    .where('owner', '=', found.group_peer)
    .where('id', '=', found.copy)
    .returningAll()
    .executeTakeFirst()
  if (!row) return
  await tx.aloud.publish(row.owner, { kind: 'editMessage', ref: row.id })
  await reindex(tx, row)
}

/** Where a channel's post is discussed; undefined where it cannot be, or no longer in the group that it has now. */
export async function discussionOf(ctx: Ctx, channel: number, post: number) {
  const linked = (await channelRow(ctx, bareId(channel)))?.linked ?? null
  const [row] = linked === null ? [] : await ctx.run(ofPost, { owner: channel, post })
  return row && row.group_peer === channelPeer(linked!) ? row : undefined
}

/** The post that a message of a discussion group is the copy of. */
export async function postOf(ctx: Ctx, group: number, copy: number) {
  const [row] = await ctx.run(ofCopy, { group, copy })
  return row
}

/** All copies of the post that is discussed there: an album has several. */
export async function copiesOfPost(ctx: Ctx, channel: number, root: number, group: number): Promise<number[]> {
  const rows = await ctx.db
    .selectFrom('discussion')
    .select('copy')
    .where('owner', '=', channel)
    .where('group_peer', '=', group)
    .where('root', '=', root)
    .orderBy('copy', 'desc')
    .execute()
  return rows.map((row) => row.copy)
}

/** Comments go with the post's copy; a post that is gone has none. */
export async function settleComments(tx: Tx, owner: number, gone: readonly MessageRow[]): Promise<void> {
  const posts = gone.filter((row) => isPost(row) && row.replies !== null).map((row) => row.id)
  if (posts.length > 0) await tx.run(dropPosts, { owner, posts })
  const copies = gone.filter((row) => row.fwd !== null && row.sender !== null && row.sender < 0).map((row) => row.id)
  if (copies.length > 0) await tx.run(dropCopies, { group: owner, copies })
}

/**
 * Adds to messages how many comments or answers they have. Nothing is read for those without.
 * https://core.telegram.org/constructor/messageReplies
 */
export async function viewReplies(ctx: Ctx, rows: readonly MessageRow[]): Promise<Map<MessageRow, tl.messageReplies>> {
  const views = new Map<MessageRow, tl.messageReplies>()
  const told = rows.filter((row) => row.owner < 0 && row.replies !== null && row.action === null)
  for (const [owner, own] of Map.groupBy(told, (row) => row.owner)) {
    const posts = own.filter(isPost)
    if (posts.length > 0) await addComments(ctx, owner, posts, views)
    const begun = own.filter((row) => !isPost(row) && row.replies! > 0)
    if (begun.length > 0) await addAnswers(ctx, owner, begun, views)
  }
  return views
}

async function addComments(
  ctx: Ctx,
  owner: number,
  posts: readonly MessageRow[],
  views: Map<MessageRow, tl.messageReplies>,
): Promise<void> {
  const linked = (await channelRow(ctx, bareId(owner)))?.linked ?? null
  if (linked === null) return
  const group = channelPeer(linked)
  const found = new Map(
    (await ctx.run(counted, { owner, group, posts: posts.map((row) => row.id) }))
      .filter((d) => d.copy === d.root)
      .map((d) => [d.post, d]),
  )
  const said = [...found.values()].filter((d) => d.replies !== null && d.replies > 0).map((d) => d.root)
  const read = await readMarks(ctx, group, said)
  for (const row of posts) {
    const d = found.get(row.id)
    if (!d) continue
    const last = d.replies ? await ctx.run(newest, { owner: group, thread: d.root, limit: LOOKED_AT }) : []
    const repliers = [...new Set(last.map((m) => m.from_id))].slice(0, SHOWN)
    views.set(row, {
      ...answers(row, d.replies ?? 0, last[0]?.id, read.get(d.root)),
      comments: true,
      recentRepliers: repliers.length > 0 ? repliers.map(toPeer) : undefined,
      channelId: linked,
    })
  }
}

async function addAnswers(
  ctx: Ctx,
  owner: number,
  rows: readonly MessageRow[],
  views: Map<MessageRow, tl.messageReplies>,
): Promise<void> {
  const ids = rows.map((row) => row.id)
  const read = await readMarks(ctx, owner, ids)
  for (const row of rows) {
    const [last] = await ctx.run(newest, { owner, thread: row.id, limit: 1 })
    views.set(row, answers(row, row.replies!, last?.id, read.get(row.id)))
  }
}

/** How far the viewer has read these threads, by thread: each by itself, or with all of the group. */
async function readMarks(ctx: Ctx, peer: number, threads: readonly number[]): Promise<Map<number, number>> {
  if (threads.length === 0 || ctx.viewer === 0) return new Map()
  const marks = new Map<number, number>()
  const whole = (await dialogRow(ctx, ctx.viewer, peer))?.read_inbox ?? 0
  for (const thread of threads) if (whole > thread) marks.set(thread, whole)
  for (const { thread, read_inbox } of await ctx.run(readTo, { owner: ctx.viewer, peer, threads })) {
    if (read_inbox > (marks.get(thread) ?? 0)) marks.set(thread, read_inbox)
  }
  return marks
}

/** @NOTE in place of the pts of the message it is about, which is not kept, its id: no later than that, and it stays. */
function answers(
  row: MessageRow,
  replies: number,
  maxId: number | undefined,
  readMaxId: number | undefined,
): tl.messageReplies {
  const read = readMaxId === undefined || maxId === undefined ? undefined : Math.min(readMaxId, maxId)
  return { _: 'messageReplies', replies, repliesPts: row.id, maxId, readMaxId: read }
}
