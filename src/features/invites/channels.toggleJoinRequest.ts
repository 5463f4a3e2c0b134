import { isPublic } from '../../domain/access.ts'
import { changed, locked, mustBeTalk } from '../../domain/channel-named.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { toggle } from '../../domain/channel-settings.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.toggleJoinRequest',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustBeTalk(channel)
      mustInChannel(tx, channel, 'banUsers')
      if (!(await isPublic(tx, channel.row))) throw new RpcError('CHAT_PUBLIC_REQUIRED')
      return changed(tx, [await toggle(tx, channel, 'join_request', req.enabled)])
    }),
  { flood: 'write' },
)
