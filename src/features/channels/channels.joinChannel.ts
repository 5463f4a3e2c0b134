import { access } from '../../domain/access.ts'
import { askToJoin } from '../../domain/channel-invites.ts'
import { joinMyself } from '../../domain/channel-join.ts'
import { isIn, mustNotBeDirect } from '../../domain/channel-rights.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.joinChannel',
  async (ctx, req) => {
    const joined = await ctx.transact(async (tx) => {
      const channel = await access.channel(tx, req.channel)
      mustNotBeDirect(channel.row)
      if (channel.row.join_request === 1 && !isIn(channel.member)) {
        await askToJoin(tx, channel.peer, '')
        return undefined
      }
      const updates = await joinMyself(tx, channel.id)
      return { _: 'messages.chatInviteJoinResultOk' as const, updates }
    })
    // They have asked, which is kept; whoever asks is told so by an error.
    if (!joined) throw new RpcError('INVITE_REQUEST_SENT')
    return joined
  },
  { flood: 'write' },
)
