import { access } from '../../domain/access.ts'
import { maySeeMembers, viewMember } from '../../domain/channel-members.ts'
import { isAdmin, mustNotBeDirect } from '../../domain/channel-rights.ts'
import { community, communityNamed } from '../../domain/communities.ts'
import { communityParticipants } from '../../domain/community-members.ts'
import { complete } from '../../domain/complete.ts'
import { listHash } from '../../domain/list-hash.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { participantsPage } from './participants.ts'

/** Participants in one answer; further than so many nobody can page. */
const MOST = 200
const FURTHEST = 10_000

export default method(
  'channels.getParticipants',
  async (ctx, req) => {
    if (await communityNamed(ctx, req.channel)) return ofCommunity(ctx, req)
    const channel = await access.channel(ctx, req.channel)
    mustNotBeDirect(channel.row)
    const { filter } = req
    const ofAdmins = filter._ === 'channelParticipantsKicked' || filter._ === 'channelParticipantsBanned'
    if (ofAdmins && !isAdmin(channel.member)) throw new RpcError('CHAT_ADMIN_REQUIRED')
    // The administrators and bots of a supergroup are no secret, even where its members are.
    const open = filter._ === 'channelParticipantsAdmins' || filter._ === 'channelParticipantsBots'
    const shown = channel.row.megagroup === 1 && open
    if (!ofAdmins && !shown && !maySeeMembers(channel)) throw new RpcError('CHAT_ADMIN_REQUIRED')
    const limit = Math.max(0, Math.min(req.limit, MOST))
    const offset = Math.max(0, Math.min(req.offset, FURTHEST))
    const { rows, count } = await participantsPage(ctx, channel, filter, { offset, limit })
    const hash = listHash(rows.map((row) => row.user_id))
    if (req.hash !== 0n && req.hash === hash) return { _: 'channels.channelParticipantsNotModified' }
    const participants = rows.map((row) => viewMember(ctx, channel, row))
    const answer = { count, participants, chats: [], users: [] }
    return complete<tl.channels_channelParticipants>(ctx, { _: 'channels.channelParticipants', ...answer })
  },
  { flood: 'read' },
)

async function ofCommunity(
  ctx: Ctx,
  req: Params<'channels.getParticipants'>,
): Promise<tl.channels_channelParticipants> {
  const ref = await community(ctx, req.channel)
  const page = { offset: Math.max(0, req.offset), limit: Math.max(0, Math.min(req.limit, MOST)) }
  const found = await communityParticipants(ctx, ref, req.filter, page)
  const answer = { _: 'channels.channelParticipants' as const, ...found, chats: [], users: [] }
  return complete<tl.channels_channelParticipants>(ctx, answer)
}
