import { access } from '../../domain/access.ts'
import { isAdmin } from '../../domain/channel-rights.ts'
import { viewUsers } from '../../domain/users.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Who of a channel's administrators has answered in its name. */
export default method(
  'channels.getMessageAuthor',
  async (ctx, req) => {
    const channel = await access.channel(ctx, req.channel)
    if (channel.row.monoforum === 0) throw new RpcError('CHANNEL_INVALID')
    if (!isAdmin(channel.member)) throw new RpcError('CHAT_ADMIN_REQUIRED')
    const { row } = await access.message(ctx, channel, req.id)
    if (row.sender === null) throw new RpcError('MESSAGE_ID_INVALID')
    return (await viewUsers(ctx, [row.sender]))[0]!
  },
  { flood: 'read' },
)
