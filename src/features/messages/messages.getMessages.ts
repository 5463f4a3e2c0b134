import { viewMessages } from '../../domain/channel-marks.ts'
import { complete } from '../../domain/complete.ts'
import { botTopicsOf } from '../../domain/message-list.ts'
import { messageRow, messageRows } from '../../domain/message-rows.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.getMessages',
  async (ctx, req) => {
    if (req.id.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    const ids: number[] = []
    for (const input of req.id) ids.push(await named(ctx, input))
    const rows = await messageRows(ctx, ctx.userId, [...new Set(ids)])
    const found = await viewMessages(ctx, rows)
    const views = new Map(found.map((view) => [view.id, view]))
    const messages = ids.map((id): tl.Message => views.get(id) ?? { _: 'messageEmpty', id })
    const topics = await botTopicsOf(ctx, rows)
    return complete<tl.messages_messages>(ctx, { _: 'messages.messages', messages, topics, chats: [], users: [] })
  },
  { flood: 'read' },
)

/** The id an InputMessage means: itself, or the message that this one answers. The others are for channels and bots. */
async function named(ctx: Ctx, input: tl.InputMessage): Promise<number> {
  if (input._ === 'inputMessageID') return input.id
  if (input._ !== 'inputMessageReplyTo') return 0
  const row = await messageRow(ctx, ctx.userId, input.id)
  return row?.reply_to ?? 0
}
