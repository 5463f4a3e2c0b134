import { access } from '../../domain/access.ts'
import { channelOnlines } from '../../domain/channel-onlines.ts'
import { isPresent } from '../../domain/chat-rights.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.getOnlines',
  async (ctx, req) => {
    const chat = await access.peer(ctx, req.peer)
    if (chat.kind === 'channel') {
      return { _: 'chatOnlines', onlines: await channelOnlines(ctx, chat.row) }
    }
    if (chat.kind !== 'chat') throw new RpcError('PEER_ID_INVALID')
    if (!isPresent(chat)) throw new RpcError('CHAT_ID_INVALID')
    const { onlines } = await ctx.db
      .selectFrom('chat_member as m')
      .innerJoin('user as u', 'u.id', 'm.user_id')
      .select((eb) => eb.fn.countAll<number>().as('onlines'))
      .where('m.chat_id', '=', chat.id)
      .where('m.gone', '=', 0)
      .where('u.online_until', '>', ctx.now)
      .executeTakeFirstOrThrow()
    return { _: 'chatOnlines', onlines: Number(onlines) }
  },
  { flood: 'read' },
)
