import { access } from '../../domain/access.ts'
import { readChannel } from '../../domain/channel-messages.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.readHistory',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await access.channel(tx, req.channel)
      await readChannel(tx, channel, req.maxId)
      return true
    }),
  { flood: 'write' },
)
