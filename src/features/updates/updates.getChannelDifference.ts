import { access, type ChannelRef, firstVisible } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { isIn } from '../../domain/channel-rights.ts'
import { viewChannels } from '../../domain/channels.ts'
import { completeTold } from '../../domain/complete.ts'
import { viewDialogs, viewedDialog } from '../../domain/dialogs.ts'
import { messageRows } from '../../domain/message-rows.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { channelDifference } from '../../updates/channel-difference.ts'

/** Newest messages given to a client that begins anew. */
const NEWEST = 20
/** Ranges of ids in a filter. */
const RANGES = 100
/** After how many seconds who only looks into a channel may ask again. */
const AGAIN = 30

export default method(
  'updates.getChannelDifference',
  async (ctx, req) => {
    const channel = await access.channel(ctx, req.channel)
    if (req.pts < 0) throw new RpcError('PERSISTENT_TIMESTAMP_INVALID')
    if (req.pts === 0) throw new RpcError('PERSISTENT_TIMESTAMP_EMPTY')
    const ranges = rangesOf(req.filter)
    const found = await channelDifference(ctx, channel.peer, req.pts, req.limit)
    const timeout = isIn(channel.member) ? undefined : AGAIN
    if (!found) return anew(ctx, channel, timeout)
    if (found._ === 'updates.channelDifferenceEmpty') return { ...found, timeout }
    const first = firstVisible(channel)
    const hidden = (update: tl.Update) => update._ === 'updateEditChannelMessage' && update.message.id < first
    found.newMessages = found.newMessages.filter((m) => m.id >= first)
    found.otherUpdates = found.otherUpdates.filter((update) => !hidden(update))
    if (ranges)
      found.newMessages = found.newMessages.filter((m) => ranges.some((r) => r.minId <= m.id && m.id <= r.maxId))
    const whole = await completeTold(ctx, { ...found, timeout })
    return withChannel(ctx, whole, channel)
  },
  { flood: 'read' },
)

function rangesOf(filter: tl.ChannelMessagesFilter): tl.MessageRange[] | undefined {
  if (filter._ === 'channelMessagesFilterEmpty') return undefined
  const { ranges } = filter
  if (ranges.length > RANGES || ranges.some((r) => r.minId < 0 || r.maxId < r.minId))
    throw new RpcError('RANGES_INVALID')
  return ranges
}

/** The channel's own settings are told by the channel itself. */
async function withChannel<T extends { chats: tl.Chat[] }>(ctx: Ctx, answer: T, channel: ChannelRef): Promise<T> {
  if (!answer.chats.some((chat) => chat.id === channel.id))
    answer.chats.push(...(await viewChannels(ctx, [channel.id])))
  return answer
}

async function anew(
  ctx: Ctx,
  channel: ChannelRef,
  timeout: number | undefined,
): Promise<tl.updates_channelDifferenceTooLong> {
  const { dialogs } = await viewDialogs(ctx, [await viewedDialog(ctx, channel)])
  const ids = await ctx.db
    .selectFrom('message')
    .select('id')
    .where('owner', '=', channel.peer)
    .where('peer', '=', channel.peer)
    .$if(channel.topic !== undefined, (q) => q.where('saved_peer', '=', channel.topic!))
    .orderBy('id', 'desc')
    .limit(NEWEST)
    .execute()
  const rows = await messageRows(
    ctx,
    channel.peer,
    ids.map((row) => row.id),
  )
  const messages = await viewMessages(ctx, rows)
  const answer: tl.updates_channelDifferenceTooLong = {
    _: 'updates.channelDifferenceTooLong',
    final: true,
    timeout,
    dialog: dialogs[0]!,
    messages,
    chats: [],
    users: [],
  }
  return withChannel(ctx, await completeTold(ctx, answer), channel)
}
