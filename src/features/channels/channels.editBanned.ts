import { access } from '../../domain/access.ts'
import { withdrawRequest } from '../../domain/channel-invites.ts'
import { announceIn, logEvent, mayEditAdmin, setMember, tellChannel, viewMember } from '../../domain/channel-members.ts'
import { changed, locked, participant } from '../../domain/channel-named.ts'
import { BANNABLE, hasRight, isBanned, isCreator, isIn, isKicked, untilOf } from '../../domain/channel-rights.ts'
import { channelMember, STATE } from '../../domain/channel-rows.ts'
import { ROLE } from '../../domain/chat-rows.ts'
import { atRest } from '../../domain/message-view.ts'
import { toPeer } from '../../domain/peers.ts'
import type { Sent } from '../../domain/send.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'channels.editBanned',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      if (!hasRight(channel, 'banUsers')) throw new RpcError('CHAT_ADMIN_REQUIRED')
      const who = await participant(tx, channel, req.participant)
      const before = await channelMember(tx, channel.id, who.peer)
      if (who.peer === tx.userId || isCreator(before)) throw new RpcError('USER_ADMIN_INVALID')
      if (before?.role === ROLE.admin && !mayEditAdmin(channel, before, tx.userId)) {
        throw new RpcError('USER_ADMIN_INVALID')
      }
      const kicks = req.bannedRights.viewMessages === true
      const rights: tl.chatBannedRights = { _: 'chatBannedRights', untilDate: 0, viewMessages: kicks || undefined }
      for (const action of BANNABLE) if (kicks || req.bannedRights[action]) rights[action] = true
      const restricts = kicks || BANNABLE.some((action) => rights[action])
      // Channels have no restricted members, and what speaks as a channel does so or does not.
      if (restricts && !kicks && (channel.row.megagroup === 0 || who.kind === 'channel'))
        throw new RpcError('BANNED_RIGHTS_INVALID')
      const was = isKicked(tx, before)
      if (!restricts && !isBanned(tx, before)) return changed(tx, [])
      const state = kicks ? STATE.kicked : was ? STATE.left : (before?.state ?? STATE.left)
      if (kicks) await withdrawRequest(tx, channel.peer, who.peer)
      const sent: Sent[] = []
      if (kicks && isIn(before) && channel.row.megagroup === 1) {
        const action = { _: 'messageActionChatDeleteUser' as const, userId: who.peer }
        sent.push(await announceIn(tx, access.me(tx), channel.id, { action }))
      }
      const plain = restricts ? { role: ROLE.member, admin_rights: null, rank: null, promoted_by: null } : {}
      const { after } = await setMember(tx, channel.id, who.peer, {
        state,
        ...(was && !kicks ? { inviter: 0 } : {}),
        ...plain,
        banned_rights: restricts ? atRest(rights) : null,
        banned_until: restricts ? untilOf(tx, req.bannedRights.untilDate) : 0,
        kicked_by: restricts ? tx.userId : null,
        banned_date: restricts ? tx.now : 0,
      })
      const left: tl.ChannelParticipant = { _: 'channelParticipantLeft', peer: toPeer(who.peer) }
      await logEvent(tx, channel.id, kicks ? 'kick' : was ? 'unkick' : restricts ? 'ban' : 'unban', {
        _: 'channelAdminLogEventActionParticipantToggleBan',
        prevParticipant: before ? viewMember(tx, channel, before) : left,
        newParticipant: viewMember(tx, channel, after),
      })
      await tellChannel(tx, tx.userId, channel.id)
      return changed(tx, [{ _: 'updateChannel', channelId: channel.id }], sent)
    }),
  { flood: 'write' },
)
