import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { lockBoxes } from '../updates/log.ts'
import { type ChannelRef, seesIn } from './access.ts'
import { noteViews } from './channel-stats.ts'
import { viewReplies } from './comments.ts'
import { lookedAt } from './live-location-views.ts'
import { type MessageRow, messageRows } from './message-rows.ts'
import { isNews, seenNews } from './react.ts'
import { topicOf } from './threads.ts'

const note = query<{ channel: number; message: number; user: number; what: string }>()((db, p) =>
  db
    .insertInto('channel_seen')
    .values({ channel_id: p.channel, message_id: p.message, user_id: p.user, what: p.what })
    .onConflict((c) => c.columns(['channel_id', 'message_id', 'what', 'user_id']).doNothing())
    .returning('message_id'),
)
const oneView = query<{ owner: number; id: number }>()((db, p) =>
  db
    .updateTable('message')
    .set((eb) => ({ views: eb('views', '+', 1) }))
    .where('owner', '=', p.owner)
    .where('id', '=', p.id)
    .where('views', 'is not', null)
    .returning('views'),
)
const seeMention = query<{ channel: number; user: number; message: number }>()((db, p) =>
  db
    .updateTable('channel_mention')
    .set({ seen: 1 })
    .where('channel_id', '=', p.channel)
    .where('user_id', '=', p.user)
    .where('message_id', '=', p.message)
    .where('seen', '=', 0)
    .returning('message_id'),
)
const fewerMentions = query<{ owner: number; peer: number; by: number }>()((db, p) =>
  db
    .updateTable('dialog')
    .set((eb) => ({ unread_mentions: eb('unread_mentions', '-', p.by) }))
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('unread_mentions', '>=', p.by),
)

const visible = async (ctx: Ctx, channel: ChannelRef, ids: readonly number[]): Promise<MessageRow[]> => {
  const rows = await messageRows(ctx, channel.peer, [...new Set(ids)])
  return rows.filter((row) => seesIn(channel, row))
}

/**
 * How often posts were seen and forwarded; the caller's own look counts with `increment`, once for each post.
 * https://core.telegram.org/method/messages.getMessagesViews
 */
export async function countViews(
  ctx: Ctx,
  channel: ChannelRef,
  ids: readonly number[],
  increment: boolean,
): Promise<tl.MessageViews[]> {
  const found = new Map((await visible(ctx, channel, ids)).map((row) => [row.id, row]))
  if (increment) {
    // Its author's own look was counted when it was posted.
    const posts = [...found.values()].filter((row) => row.views !== null && row.sender !== ctx.userId)
    const counted = await ctx.transact(async (tx) => {
      const fresh = new Map<number, number>()
      for (const { id } of posts) {
        const key = { channel: channel.id, message: id, user: tx.userId, what: 'view' }
        if ((await tx.run(note, key)).length === 0) continue
        const [row] = await tx.run(oneView, { owner: channel.peer, id })
        if (row) fresh.set(id, row.views!)
      }
      return fresh
    })
    if (counted.size > 0) {
      noteViews(
        ctx,
        channel,
        posts.filter((row) => counted.has(row.id)),
      )
    }
    for (const [id, views] of counted) {
      found.set(id, { ...found.get(id)!, views })
      const update: tl.Update = { _: 'updateChannelMessageViews', channelId: channel.id, id, views }
      ctx.app.hub.signal(channel.peer, update, ctx.userId)
    }
  }
  const replies = await viewReplies(ctx, [...found.values()])
  return ids.map((id) => {
    const row = found.get(id)
    const views = row?.views ?? undefined
    return { _: 'messageViews', views, forwards: row?.forwards ?? undefined, replies: row && replies.get(row) }
  })
}

/** What was new of the caller's own among these messages, such as reactions: they have seen it. */
async function seeNews(tx: Tx, channel: ChannelRef, rows: readonly MessageRow[]): Promise<MessageRow[]> {
  const news = (those: readonly MessageRow[]) => those.filter((row) => isNews(row, tx.userId))
  const ids = news(rows).map((row) => row.id)
  if (ids.length === 0) return []
  await lockBoxes(tx, [channel.peer, tx.userId])
  const seen = news(await visible(tx, channel, ids))
  await seenNews(tx, tx.userId, seen, 'reactions', 'votes')
  return seen
}

/**
 * Notes that the caller has seen mentions, and reactions to what they said, and listened to voice messages of a channel,
 * and tells their other devices.
 * https://core.telegram.org/method/channels.readMessageContents
 */
export async function seeInChannel(tx: Tx, channel: ChannelRef, ids: readonly number[]): Promise<void> {
  const { id: channelId, peer } = channel
  const user = tx.userId
  const rows = await visible(tx, channel, ids)
  const opened = await seeNews(tx, channel, rows)
  let mentions = 0
  await lookedAt(tx, rows)
  for (const row of rows) {
    const named =
      row.mentioned === 1 && (await tx.run(seeMention, { channel: channelId, user, message: row.id })).length > 0
    if (named) mentions++
    const voice = row.media_unread === 1 && row.sender !== user
    const fresh = voice && (await tx.run(note, { channel: channelId, message: row.id, user, what: 'heard' })).length > 0
    if ((named || fresh) && !opened.some(({ id }) => id === row.id)) opened.push(row)
  }
  if (opened.length === 0) return
  if (mentions > 0) await tx.run(fewerMentions, { owner: user, peer, by: mentions })
  const topics = new Set(opened.map((row) => topicOf(row)))
  const messages = opened.map((row) => row.id)
  const topMsgId = topics.size === 1 ? [...topics][0] : undefined
  const update: tl.Update = { _: 'updateChannelReadMessagesContents', channelId, topMsgId, messages }
  await tx.publish(user, { kind: 'update', update })
}
