import type { ChannelRef, ChatRef, UserRef } from '../../domain/access.ts'
import { lockChannel, logEvent, mayEditAdmin, setMember, tellAll } from '../../domain/channel-members.ts'
import { hasRight, isCreator, isIn, keptFrom } from '../../domain/channel-rights.ts'
import { channelMember } from '../../domain/channel-rows.ts'
import { bumpVersion, setInChat, tellMembers } from '../../domain/chat-members.ts'
import { isCreator as createdChat, isAdmin, isPresent, mayInChat } from '../../domain/chat-rights.ts'
import { GONE, memberRow, ROLE } from '../../domain/chat-rows.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Gives a member of a basic group a title: oneself where the group lets one, others as an administrator. */
export async function rankInChat(tx: Tx, chat: ChatRef, user: UserRef, rank: string | null): Promise<tl.Update> {
  if (!isPresent(chat)) throw new RpcError('CHAT_ID_INVALID')
  const member = await memberRow(tx, chat.id, user.id)
  if (!member || member.gone !== GONE.in) throw new RpcError('USER_NOT_PARTICIPANT')
  const own = user.self && mayInChat(chat, 'editRank')
  if (!own && !createdChat(chat) && !(isAdmin(chat) && member.role === ROLE.member)) {
    throw new RpcError('CHAT_ADMIN_REQUIRED')
  }
  const { version } = await bumpVersion(tx, chat.id)
  await setInChat(tx, chat.id, user.id, { rank })
  const update: tl.Update = {
    _: 'updateChatParticipantRank',
    chatId: chat.id,
    userId: user.id,
    rank: rank ?? '',
    version,
  }
  await tellMembers(tx, chat.id, update)
  return update
}

/**
 * Gives a member of a supergroup a title: oneself where the group lets one; others by the right to, administrators only
 * whoever may change them. https://core.telegram.org/api/rights
 */
export async function rankInChannel(tx: Tx, named: ChannelRef, user: UserRef, rank: string | null): Promise<tl.Update> {
  if (named.row.megagroup === 0) throw new RpcError('PEER_ID_INVALID')
  const channel = await lockChannel(tx, named.id)
  const member = await channelMember(tx, channel.id, user.id)
  const own = user.self && isIn(member) && keptFrom(tx, channel, 'editRank') === undefined
  if (!own) {
    if (user.self && !isIn(member)) throw new RpcError('USER_NOT_PARTICIPANT')
    if (!hasRight(channel, 'manageRanks')) throw new RpcError('CHAT_ADMIN_REQUIRED')
    if (!isIn(member)) throw new RpcError('USER_NOT_PARTICIPANT')
    const leads = isCreator(member) || member.role === ROLE.admin
    if (leads && !mayEditAdmin(channel, member, tx.userId)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  }
  const [prevRank, newRank] = [member!.rank ?? '', rank ?? '']
  if (prevRank !== newRank) {
    await setMember(tx, channel.id, user.id, { rank })
    const action = { _: 'channelAdminLogEventActionParticipantEditRank' as const, userId: user.id, prevRank, newRank }
    await logEvent(tx, channel.id, 'editRank', action, `${prevRank} ${newRank}`)
  }
  return tellAll(tx, channel.id)
}
