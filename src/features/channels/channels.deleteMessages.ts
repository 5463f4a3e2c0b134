import { access } from '../../domain/access.ts'
import { deleteInChannel } from '../../domain/channel-messages.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { boxState } from '../../updates/log.ts'

export default method(
  'channels.deleteMessages',
  (ctx, req) => {
    if (req.id.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('LIMIT_INVALID')
    return ctx.transact(async (tx) => {
      const channel = await access.channel(tx, req.channel)
      const messages = await access.channelMessages(tx, channel, req.id)
      const published = await deleteInChannel(tx, channel, messages)
      const { pts } = published ?? (await boxState(tx, channel.peer))
      return { _: 'messages.affectedMessages', pts, ptsCount: published?.ptsCount ?? 0 }
    })
  },
  { flood: 'write' },
)
