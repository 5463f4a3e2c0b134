import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { boxState } from '../updates/log.ts'
import type { ChannelRef } from './access.ts'
import { botTopics } from './bot-forums.ts'
import { viewShortBotTopic } from './bot-topic-states.ts'
import { viewMessages } from './channel-marks.ts'
import { complete } from './complete.ts'
import { listHash } from './list-hash.ts'
import type { MessageRow } from './message-rows.ts'
import { topicsOfRows } from './topic-view.ts'

export interface ListOptions {
  /** How many there are in all. */
  count: number
  /** What the client has already; 0n for nothing. */
  hash?: bigint
  offsetIdOffset?: number | undefined
  nextRate?: number | undefined
  inexact?: boolean | undefined
  /** How many posts the viewer may still look for. */
  searchFlood?: tl.SearchPostsFlood | undefined
  /** All of it is one channel's. */
  channel?: ChannelRef | undefined
}

/** The topics that private messages with bots are in. */
export async function botTopicsOf(ctx: Ctx, rows: readonly MessageRow[]): Promise<tl.ForumTopic[]> {
  const ids = rows.flatMap((row) => (row.owner > 0 && row.thread !== null ? [row.thread] : []))
  return [...(await botTopics(ctx, ctx.userId, [...new Set(ids)])).values()].map((row) => viewShortBotTopic(ctx, row))
}

/**
 * Messages as an answer: all there are, a slice of them, or that the client has just these already.
 * https://core.telegram.org/type/messages.Messages
 */
export async function answerMessages(
  ctx: Ctx,
  rows: readonly MessageRow[],
  options: ListOptions,
): Promise<tl.messages_Messages> {
  const { count, hash = 0n } = options
  if (hash !== 0n && hash === listHash(rows.map((row) => row.id))) return { _: 'messages.messagesNotModified', count }
  const [messages, topics, state] = await Promise.all([
    viewMessages(ctx, rows),
    botTopicsOf(ctx, rows),
    options.channel && boxState(ctx, options.channel.peer),
  ])
  const found = { messages, topics, chats: [], users: [] }
  const { offsetIdOffset, nextRate, inexact, channel, searchFlood } = options
  if (channel) {
    const { pts } = state!
    const total = Math.max(count, rows.length)
    const topics = channel.row.forum === 1 ? await topicsOfRows(ctx, channel, rows) : []
    const answer = { pts, count: total, offsetIdOffset, inexact: inexact || undefined, ...found, topics }
    return complete<tl.messages_channelMessages>(ctx, { _: 'messages.channelMessages', ...answer })
  }
  if (rows.length >= count && offsetIdOffset === undefined && nextRate === undefined && !inexact && !searchFlood) {
    return complete<tl.messages_messages>(ctx, { _: 'messages.messages', ...found })
  }
  return complete<tl.messages_messagesSlice>(ctx, {
    _: 'messages.messagesSlice',
    inexact: inexact || undefined,
    count: Math.max(count, rows.length),
    offsetIdOffset,
    nextRate,
    searchFlood,
    ...found,
  })
}
