import type { Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { type ChannelRef, ownUser } from './access.ts'
import { announceIn, lockChannel, logEvent, setMember, tellAll, viewMember } from './channel-members.ts'
import { BANNABLE, isAdmin, isIn } from './channel-rights.ts'
import { channelMember, STATE } from './channel-rows.ts'
import { setChannel } from './channel-settings.ts'
import { COMMUNITY_PEERS, linkedPeers, tellCommunity } from './communities.ts'
import { atRest } from './message-view.ts'
import { toPeer } from './peers.ts'
import type { Sent } from './send.ts'

/**
 * Links a channel or supergroup to a community: it says so there, and whom the community has banned is kept out of it,
 * too. CHANNELS_TOO_MUCH above the number of chats; CHAT_LINK_EXISTS for one that belongs to a community already.
 * @param by who owns the chat
 */
export async function linkChat(tx: Tx, id: number, channelId: number, by: number, visible: boolean): Promise<Sent> {
  const channel = await lockChannel(tx, channelId)
  if (channel.row.community !== null) throw new RpcError('CHAT_LINK_EXISTS')
  if ((await linkedPeers(tx, id)).length >= COMMUNITY_PEERS) throw new RpcError('CHANNELS_TOO_MUCH')
  await setChannel(tx, channel, { community: id })
  await tx.trx
    .insertInto('community_peer')
    .values({ community: id, peer: channel.peer, visible: visible ? 1 : 0, date: tx.now })
    .execute()
  await dropRequest(tx, id, channel.peer)
  const banned = await tx.trx
    .selectFrom('community_member')
    .select('user_id')
    .where('community', '=', id)
    .where('banned', '=', 1)
    .orderBy('user_id')
    .execute()
  for (const { user_id } of banned) await keepOut(tx, channelId, user_id)
  await tellCommunity(tx, id)
  return say(tx, channel, by, { _: 'messageActionChangeCommunity', communityId: id })
}

/** Takes a chat out of its community, and says so there. */
export async function unlinkChat(tx: Tx, id: number, channel: ChannelRef, by: number): Promise<Sent> {
  await setChannel(tx, channel, { community: null })
  await forgetChat(tx, id, channel.peer)
  return say(tx, channel, by, { _: 'messageActionChangeCommunity' })
}

/** Takes a chat that is not to be told of it out of its community. */
export async function forgetChat(tx: Tx, id: number, peer: number): Promise<void> {
  await tellCommunity(tx, id)
  await tx.trx.deleteFrom('community_peer').where('community', '=', id).where('peer', '=', peer).execute()
}

async function say(tx: Tx, channel: ChannelRef, by: number, action: tl.MessageAction): Promise<Sent> {
  await tellAll(tx, channel.id)
  // The answer to this is no list of updates: the author hears of it like everybody.
  return announceIn(tx.aloud, await ownUser(tx, by), channel.id, { action })
}

export async function dropRequest(tx: Tx, id: number, peer: number): Promise<boolean> {
  const row = await tx.trx
    .deleteFrom('community_request')
    .where('community', '=', id)
    .where('peer', '=', peer)
    .returning('peer')
    .executeTakeFirst()
  return row !== undefined
}

/** Keeps somebody out of one chat; its administrators stay. */
export async function keepOut(tx: Tx, channelId: number, user: number): Promise<void> {
  const channel = await lockChannel(tx, channelId)
  const before = await channelMember(tx, channelId, user)
  if (isAdmin(before)) return
  const rights: tl.chatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 }
  for (const action of BANNABLE) rights[action] = true
  const ban = { state: STATE.kicked, banned_rights: atRest(rights), banned_until: 0 }
  await change(tx, channel, user, { ...ban, kicked_by: tx.userId, banned_date: tx.now }, 'kick')
}

/** Lets somebody into one chat again who was kept out of it. */
export async function letBack(tx: Tx, channelId: number, user: number): Promise<void> {
  const channel = await lockChannel(tx, channelId)
  const before = await channelMember(tx, channelId, user)
  if (before?.state !== STATE.kicked || isIn(before)) return
  const free = { state: STATE.left, inviter: 0, banned_rights: null, banned_until: 0, kicked_by: null, banned_date: 0 }
  await change(tx, channel, user, free, 'unkick')
}

async function change(
  tx: Tx,
  channel: ChannelRef,
  user: number,
  set: Parameters<typeof setMember>[3],
  kind: 'kick' | 'unkick',
): Promise<void> {
  const { before, after } = await setMember(tx, channel.id, user, set)
  const left: tl.ChannelParticipant = { _: 'channelParticipantLeft', peer: toPeer(user) }
  await logEvent(tx, channel.id, kind, {
    _: 'channelAdminLogEventActionParticipantToggleBan',
    prevParticipant: before ? viewMember(tx, channel, before) : left,
    newParticipant: viewMember(tx, channel, after),
  })
}
