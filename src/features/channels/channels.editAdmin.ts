import { access } from '../../domain/access.ts'
import { addPeople } from '../../domain/channel-join.ts'
import { announceIn, logEvent, mayEditAdmin, setMember, tellChannel, viewMember } from '../../domain/channel-members.ts'
import { changed, locked } from '../../domain/channel-named.ts'
import {
  adminRights,
  hasRight,
  isCreator,
  isIn,
  isKicked,
  mustNotBeDirect,
  rightsOf,
} from '../../domain/channel-rights.ts'
import { channelMember, channelRow, STATE } from '../../domain/channel-rows.ts'
import { ROLE } from '../../domain/chat-rows.ts'
import { communityNamed } from '../../domain/communities.ts'
import { editCommunityAdmin } from '../../domain/community-settings.ts'
import { atRest } from '../../domain/message-view.ts'
import { checkRank } from '../../domain/ranks.ts'
import type { Sent } from '../../domain/send.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Administrators of one channel, its creator among them. */
const ADMINS = 50

export default method(
  'channels.editAdmin',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const community = await communityNamed(tx, req.channel)
      if (community) return editCommunityAdmin(tx, community, await access.user(tx, req.userId), req.adminRights)
      const channel = await locked(tx, req.channel)
      mustNotBeDirect(channel.row)
      const user = await access.user(tx, req.userId)
      if (user.row.deleted === 1) throw new RpcError('INPUT_USER_DEACTIVATED')
      const rights: tl.chatAdminRights = { _: 'chatAdminRights' }
      for (const right of rightsOf(channel.row)) if (req.adminRights[right]) rights[right] = true
      const promotes = Object.keys(rights).length > 1
      const before = await channelMember(tx, channel.id, user.id)
      const rank = req.rank === undefined ? (before?.rank ?? null) : checkRank(req.rank)
      const created = isCreator(channel.member)
      if (isCreator(before)) {
        // A creator changes of themselves only whether they are anonymous, and their title.
        if (!created || !user.self) throw new RpcError('USER_CREATOR')
        await setMember(tx, channel.id, user.id, { admin_rights: atRest(rights), rank })
        return changed(tx, [{ _: 'updateChannel', channelId: channel.id }])
      }
      if (!hasRight(channel, 'addAdmins')) throw new RpcError('CHAT_ADMIN_REQUIRED')
      if (user.self && promotes) throw new RpcError('USER_ID_INVALID')
      // Whoever is no administrator has nothing to be taken from.
      if (!promotes && before?.role !== ROLE.admin) return changed(tx, [])
      if (before && before.role === ROLE.admin && !mayEditAdmin(channel, before, tx.userId) && !user.self) {
        throw new RpcError('CHAT_ADMIN_REQUIRED')
      }
      // Nobody gives what they have not.
      const own = adminRights(channel.row, channel.member!)
      for (const right of rightsOf(channel.row)) {
        if (rights[right] && !created && !own?.[right]) throw new RpcError('RIGHT_FORBIDDEN')
      }
      const sent: Sent[] = []
      if (promotes && !isIn(before)) {
        if (isKicked(tx, before) && !hasRight(channel, 'banUsers')) throw new RpcError('USER_KICKED')
        if (!hasRight(channel, 'inviteUsers')) throw new RpcError('CHAT_ADMIN_INVITE_REQUIRED')
        if (before)
          await setMember(tx, channel.id, user.id, {
            state: STATE.left,
            inviter: 0,
            banned_rights: null,
            banned_until: 0,
          })
        const { missing } = await addPeople(tx, channel, [user], true)
        if (missing.length > 0) throw new RpcError('USER_PRIVACY_RESTRICTED')
        if (channel.row.megagroup === 1) {
          const action = { _: 'messageActionChatAddUser' as const, users: [user.id] }
          sent.push(await announceIn(tx, access.me(tx), channel.id, { action }))
        }
      }
      const current = await channelRow(tx, channel.id)
      if (promotes && before?.role !== ROLE.admin && current!.admins >= ADMINS) throw new RpcError('ADMINS_TOO_MUCH')
      // In a channel bots are administrators or not there.
      const gone = user.row.bot === 1 && channel.row.megagroup === 0 ? { state: STATE.left } : {}
      const set = promotes
        ? { role: ROLE.admin, admin_rights: atRest(rights), rank, promoted_by: tx.userId, ...UNRESTRICTED }
        : { role: ROLE.member, admin_rights: null, rank: null, promoted_by: null, ...gone }
      const was = await channelMember(tx, channel.id, user.id)
      const { after } = await setMember(tx, channel.id, user.id, set)
      const none = { _: 'channelParticipantLeft' as const, peer: { _: 'peerUser' as const, userId: user.id } }
      await logEvent(tx, channel.id, promotes ? 'promote' : 'demote', {
        _: 'channelAdminLogEventActionParticipantToggleAdmin',
        prevParticipant: was ? viewMember(tx, channel, was) : none,
        newParticipant: viewMember(tx, channel, after),
      })
      await tellChannel(tx, tx.userId, channel.id)
      return changed(tx, [{ _: 'updateChannel', channelId: channel.id }], sent)
    }),
  { flood: 'write' },
)

const UNRESTRICTED = { banned_rights: null, banned_until: 0, kicked_by: null, banned_date: 0 }
