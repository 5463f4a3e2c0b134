import { access } from '../../domain/access.ts'
import { maySeeMembers, unlisted, viewMember } from '../../domain/channel-members.ts'
import { participant } from '../../domain/channel-named.ts'
import { isBanned, isIn } from '../../domain/channel-rights.ts'
import { channelMember } from '../../domain/channel-rows.ts'
import { community, communityNamed } from '../../domain/communities.ts'
import { communityParticipant } from '../../domain/community-members.ts'
import { complete } from '../../domain/complete.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'channels.getParticipant',
  async (ctx, req) => {
    if (await communityNamed(ctx, req.channel)) return inCommunity(ctx, req)
    const channel = await access.channel(ctx, req.channel)
    const who = await participant(ctx, channel, req.participant)
    if (who.peer !== ctx.userId && !maySeeMembers(channel)) throw new RpcError('CHAT_ADMIN_REQUIRED')
    const row = await channelMember(ctx, channel.id, who.peer)
    if ((await unlisted(ctx, channel)).includes(who.peer)) throw new RpcError('USER_NOT_PARTICIPANT')
    if (!row || (!isIn(row) && !isBanned(ctx, row))) throw new RpcError('USER_NOT_PARTICIPANT')
    const answer = { participant: viewMember(ctx, channel, row), chats: [], users: [] }
    return complete<tl.channels_channelParticipant>(ctx, { _: 'channels.channelParticipant', ...answer })
  },
  { flood: 'read' },
)

async function inCommunity(ctx: Ctx, req: Params<'channels.getParticipant'>): Promise<tl.channels_channelParticipant> {
  const ref = await community(ctx, req.channel)
  const user = await access.userPeer(ctx, req.participant)
  const answer = { participant: await communityParticipant(ctx, ref, user.id), chats: [], users: [] }
  return complete<tl.channels_channelParticipant>(ctx, { _: 'channels.channelParticipant', ...answer })
}
