import { access } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { complete } from '../../domain/complete.ts'
import { type MessageRow, messageRow } from '../../domain/message-rows.ts'
import { toPeer } from '../../domain/peers.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { boxState } from '../../updates/log.ts'

export default method(
  'channels.getMessages',
  async (ctx, req) => {
    if (req.id.length === 0) throw new RpcError('MESSAGE_IDS_EMPTY')
    if (req.id.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    const channel = await access.channel(ctx, req.channel)
    const ids: number[] = []
    for (const input of req.id) {
      if (input._ === 'inputMessageID') ids.push(input.id)
      else if (input._ === 'inputMessageReplyTo')
        ids.push((await messageRow(ctx, channel.peer, input.id))?.reply_to ?? 0)
      else if (input._ === 'inputMessagePinned') ids.push(await pinned(ctx, channel.peer))
      else ids.push(0)
    }
    const rows: MessageRow[] = (await access.channelMessages(ctx, channel, ids)).map((m) => m.row)
    const found = new Map((await viewMessages(ctx, rows)).map((view) => [view.id, view]))
    const peerId = toPeer(channel.peer)
    const messages = ids.map((id): tl.Message => found.get(id) ?? { _: 'messageEmpty', id, peerId })
    const { pts } = await boxState(ctx, channel.peer)
    const answer = { pts, count: messages.length, messages, topics: [], chats: [], users: [] }
    return complete<tl.messages_channelMessages>(ctx, { _: 'messages.channelMessages', ...answer })
  },
  { flood: 'read' },
)

async function pinned(ctx: Ctx, owner: number): Promise<number> {
  const row = await ctx.db
    .selectFrom('message')
    .select('id')
    .where('owner', '=', owner)
    .where('peer', '=', owner)
    .where('pinned', '=', 1)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? 0
}
