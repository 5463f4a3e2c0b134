import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { FOREVER } from './channel-rights.ts'
import { type CommunityMemberRow, type CommunityRef, communityRights, joinedChats } from './communities.ts'
import { toPeer } from './peers.ts'

/** A page of whom a community knows by itself. */
interface Page {
  offset: number
  limit: number
}

function viewOne(ctx: Ctx, ref: CommunityRef, row: CommunityMemberRow): tl.ChannelParticipant {
  const { user_id: userId } = row
  const date = row.changed_at || ref.row.date
  const adminRights = communityRights({ ...ref, member: row }, userId)
  if (userId === ref.row.creator) return { _: 'channelParticipantCreator', userId, adminRights: adminRights! }
  if (adminRights) {
    const canEdit = ref.row.creator === ctx.viewer || undefined
    return { _: 'channelParticipantAdmin', canEdit, userId, promotedBy: row.changed_by, date, adminRights }
  }
  const bannedRights: tl.ChatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: FOREVER }
  const kickedBy = row.changed_by
  return { _: 'channelParticipantBanned', left: true, peer: toPeer(userId), kickedBy, date, bannedRights }
}

/** Its administrators, or for them who was banned: CHAT_ADMIN_REQUIRED. A community has no other list of people. */
export async function communityParticipants(
  ctx: Ctx,
  ref: CommunityRef,
  filter: tl.ChannelParticipantsFilter,
  page: Page,
): Promise<{ participants: tl.ChannelParticipant[]; count: number }> {
  const kicked = filter._ === 'channelParticipantsKicked' || filter._ === 'channelParticipantsBanned'
  if (!communityRights(ref, ctx.userId)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  const rows = await ctx.db
    .selectFrom('community_member')
    .selectAll()
    .where('community', '=', ref.id)
    .$if(kicked, (q) => q.where('banned', '=', 1))
    .$if(!kicked, (q) =>
      q.where((eb) => eb.or([eb('user_id', '=', ref.row.creator), eb('admin_rights', 'is not', null)])),
    )
    .orderBy('changed_at')
    .orderBy('user_id')
    .execute()
  const shown = rows.slice(page.offset, page.offset + page.limit)
  return { participants: shown.map((row) => viewOne(ctx, ref, row)), count: rows.length }
}

/** One of its people: an administrator, banned, or somebody in one of its chats; USER_NOT_PARTICIPANT. */
export async function communityParticipant(ctx: Ctx, ref: CommunityRef, user: number): Promise<tl.ChannelParticipant> {
  if (user !== ctx.userId && !communityRights(ref, ctx.userId)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  const row = await ctx.db
    .selectFrom('community_member')
    .selectAll()
    .where('community', '=', ref.id)
    .where('user_id', '=', user)
    .executeTakeFirst()
  if (row && (row.banned === 1 || row.admin_rights || user === ref.row.creator)) return viewOne(ctx, ref, row)
  if ((await joinedChats(ctx, ref.id, user)).length === 0) throw new RpcError('USER_NOT_PARTICIPANT')
  return { _: 'channelParticipant', userId: user, date: ref.row.date }
}
