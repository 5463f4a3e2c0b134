import { access, type ChannelRef } from '../../domain/access.ts'
import { mayHaveOneMorePublic } from '../../domain/channel-named.ts'
import { usernameRow, validUsername } from '../../domain/usernames.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.checkUsername',
  async (ctx, req) => {
    // Before a channel is made there is none to name.
    let channel: ChannelRef | undefined
    if (req.channel._ !== 'inputChannelEmpty') channel = await access.channel(ctx, req.channel)
    if (!validUsername(req.username)) throw new RpcError('USERNAME_INVALID')
    const taken = await usernameRow(ctx, req.username)
    if (taken && taken.owner !== channel?.peer) throw new RpcError('USERNAME_OCCUPIED')
    if (!taken) await mayHaveOneMorePublic(ctx, { channel })
    return true
  },
  { flood: 'search' },
)
