import { access, type ChannelRef, isPublic } from '../../domain/access.ts'
import { askToJoin } from '../../domain/channel-invites.ts'
import { joinMyself } from '../../domain/channel-join.ts'
import { isIn, mustNotBeDirect } from '../../domain/channel-rights.ts'
import { shownByCommunity } from '../../domain/communities.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'channels.joinChannel',
  async (ctx, req) => {
    const joined = await ctx.transact(async (tx) => {
      const named = await access.namedChannel(tx, req.channel)
      const community = (await isOffered(tx, named)) ? named.row.community! : undefined
      const channel = community === undefined ? await access.channel(tx, req.channel) : named
      mustNotBeDirect(channel.row)
      if (channel.row.join_request === 1 && !isIn(channel.member)) {
        await askToJoin(tx, channel.peer, '')
        return undefined
      }
      const updates = await joinMyself(tx, channel.id, { community })
      return { _: 'messages.chatInviteJoinResultOk' as const, updates }
    })
    // They have asked, which is kept; whoever asks is told so by an error.
    if (!joined) throw new RpcError('INVITE_REQUEST_SENT')
    return joined
  },
  { flood: 'write' },
)

/** Whether the caller, who could not look into a channel otherwise, is shown it by a community that they are in. */
async function isOffered(ctx: Ctx, { row, member }: ChannelRef): Promise<boolean> {
  if (row.community === null || row.deleted === 1 || isIn(member) || (await isPublic(ctx, row))) return false
  return (await shownByCommunity(ctx, [row])).has(row.id)
}
