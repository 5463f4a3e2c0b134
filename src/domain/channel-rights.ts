import type { Ctx } from '../rpc/context.ts'
import { type ErrorName, RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import type { ChannelRef } from './access.ts'
import { freedByBoosts } from './boosts.ts'
import { type ChannelMemberRow, type ChannelRow, STATE } from './channel-rows.ts'
import { bans, type ChatAction, MEDIA } from './chat-rights.ts'
import { ROLE } from './chat-rows.ts'

/** What an administrator can be given. https://core.telegram.org/constructor/chatAdminRights */
export type AdminRight = Exclude<keyof tl.chatAdminRights, '_'>

const GROUP_RIGHTS: AdminRight[] = [
  'changeInfo',
  'deleteMessages',
  'banUsers',
  'inviteUsers',
  'pinMessages',
  'addAdmins',
  'anonymous',
  'manageCall',
  'other',
  'manageTopics',
  'postStories',
  'editStories',
  'deleteStories',
  'manageRanks',
  'manageWelcomeMessages',
]
const CHANNEL_RIGHTS: AdminRight[] = [
  'changeInfo',
  'postMessages',
  'editMessages',
  'deleteMessages',
  'banUsers',
  'inviteUsers',
  'addAdmins',
  'manageCall',
  'other',
  'postStories',
  'editStories',
  'deleteStories',
  'manageDirectMessages',
]

/** The rights there are in a supergroup or in a channel. */
export const rightsOf = (row: Pick<ChannelRow, 'megagroup'>): readonly AdminRight[] =>
  row.megagroup === 1 ? GROUP_RIGHTS : CHANNEL_RIGHTS

/** Every action that a supergroup's members can be kept from. */
export const BANNABLE: readonly ChatAction[] = [
  'sendMessages',
  'sendMedia',
  'sendStickers',
  'sendGifs',
  'sendGames',
  'sendInline',
  'embedLinks',
  'sendPolls',
  'changeInfo',
  'inviteUsers',
  'pinMessages',
  'manageTopics',
  'sendPhotos',
  'sendVideos',
  'sendRoundvideos',
  'sendAudios',
  'sendVoices',
  'sendDocs',
  'sendPlain',
  'editRank',
  'sendReactions',
]

/** What members of a new supergroup may not do. */
export const NEW_GROUP_BANNED: tl.chatBannedRights = { _: 'chatBannedRights', untilDate: 0x7fffffff }

/** The end of what has no end. */
export const FOREVER = 0x7fffffff

/** A restriction's end as it is kept: times closer than 30 seconds or further than 366 days stand for ever. */
export function untilOf(ctx: Ctx, date: number): number {
  return date < ctx.now + 30 || date > ctx.now + 366 * 86_400 ? 0 : date
}

export function isIn(member: ChannelMemberRow | undefined): member is ChannelMemberRow & { state: 0 } {
  return member?.state === STATE.in
}

/** Whether a restriction or a removal still holds. */
export function isBanned(
  ctx: Ctx,
  member: ChannelMemberRow | undefined,
): member is ChannelMemberRow & { banned_rights: Uint8Array } {
  if (!member?.banned_rights) return false
  return member.banned_until === 0 || member.banned_until > ctx.now
}

/** Whether somebody was removed and is kept out. */
export function isKicked(ctx: Ctx, member: ChannelMemberRow | undefined): boolean {
  return member?.state === STATE.kicked && isBanned(ctx, member)
}

/** Whether somebody was in a channel and went; whoever was taken out and let back has nobody who brought them. */
export function hasLeft(member: ChannelMemberRow | undefined): boolean {
  return member?.state === STATE.left && member.inviter !== 0
}

/** Whether somebody was invited and may look before they come in. https://core.telegram.org/constructor/chatInvitePeek */
export function mayPeek(ctx: Ctx, member: ChannelMemberRow | undefined): boolean {
  return member !== undefined && member.peek_until > ctx.now
}

export function isCreator(member: ChannelMemberRow | undefined): boolean {
  return member?.role === ROLE.creator
}

export function isAdmin(member: ChannelMemberRow | undefined): boolean {
  return isIn(member) && member.role >= ROLE.admin
}

/** An administrator's rights; a creator who has stated none has all of them but to be anonymous. */
export function adminRights(row: ChannelRow, member: ChannelMemberRow): tl.chatAdminRights | undefined {
  if (member.role === ROLE.member) return undefined
  const stated = member.admin_rights ? (readObject(member.admin_rights) as tl.chatAdminRights) : undefined
  if (member.role !== ROLE.creator) return stated
  const all: tl.chatAdminRights = { _: 'chatAdminRights', anonymous: stated?.anonymous }
  for (const right of rightsOf(row)) if (right !== 'anonymous') all[right] = true
  return all
}

export function bannedRights(ctx: Ctx, member: ChannelMemberRow | undefined): tl.chatBannedRights | undefined {
  if (!isBanned(ctx, member)) return undefined
  return { ...(readObject(member.banned_rights) as tl.chatBannedRights), untilDate: member.banned_until || FOREVER }
}

export function defaultRights(row: ChannelRow): tl.chatBannedRights {
  return row.default_banned ? (readObject(row.default_banned) as tl.chatBannedRights) : NEW_GROUP_BANNED
}

/** Whether the viewer has an administrator's right here. */
export function hasRight(channel: ChannelRef, right: AdminRight): boolean {
  const { member, row } = channel
  if (!isAdmin(member)) return false
  return adminRights(row, member!)?.[right] === true
}

/** Whether the viewer writes here in the group's name. */
export function isAnonymous(channel: ChannelRef): boolean {
  return channel.row.megagroup === 1 && hasRight(channel, 'anonymous')
}

/** What boosts free from: what is said, not what is changed. */
const SAYING = new Set<ChatAction>([...MEDIA, 'sendMessages', 'sendMedia', 'sendPlain', 'sendReactions'])

function forbids(rights: tl.chatBannedRights | undefined, action: ChatAction): boolean {
  return rights !== undefined && (rights.viewMessages === true || bans(rights, action))
}

/** What keeps somebody from an action in a supergroup: their own restrictions, or everybody's. */
export function keptFrom(ctx: Ctx, channel: ChannelRef, action: ChatAction): 'own' | 'default' | undefined {
  if (isAdmin(channel.member)) return undefined
  if (forbids(bannedRights(ctx, channel.member), action)) return 'own'
  if (SAYING.has(action) && freedByBoosts(channel)) return undefined
  return forbids(defaultRights(channel.row), action) ? 'default' : undefined
}

/** Actions that an administrator needs a right for, where members may do them in a supergroup unless they are kept from it. */
const SHARED: Partial<Record<AdminRight, ChatAction>> = {
  changeInfo: 'changeInfo',
  inviteUsers: 'inviteUsers',
  pinMessages: 'pinMessages',
  manageTopics: 'manageTopics',
}

/**
 * Whether the viewer may do here what that right is for: by the right, or in a supergroup whose members may, unless
 * they themselves are kept from it. In a channel whoever edits posts pins them.
 */
export function mayInChannel(ctx: Ctx, channel: ChannelRef, right: AdminRight): boolean {
  if (channel.row.megagroup === 0 && right === 'pinMessages') return hasRight(channel, 'editMessages')
  if (hasRight(channel, right)) return true
  const shared = SHARED[right]
  if (!shared || channel.row.megagroup === 0 || channel.row.gigagroup === 1) return false
  // Those who write to a channel share nothing with each other.
  if (channel.row.monoforum === 1) return false
  if (!isIn(channel.member)) return false
  // Administrators may what everybody may, without a right of their own.
  if (isAdmin(channel.member)) return !forbids(defaultRights(channel.row), shared)
  return keptFrom(ctx, channel, shared) === undefined
}

/** CHANNEL_PRIVATE for those who are not in it, CHAT_ADMIN_REQUIRED for those who may not. */
export function mustInChannel(ctx: Ctx, channel: ChannelRef, right: AdminRight): void {
  if (mayInChannel(ctx, channel, right)) return
  throw new RpcError('CHAT_ADMIN_REQUIRED')
}

/** Administrators with the right to manage topics may change and pin all of them. */
export function mustManageTopics(channel: ChannelRef): void {
  if (!hasRight(channel, 'manageTopics')) throw new RpcError('CHAT_ADMIN_REQUIRED')
}

/** What there is not in a channel's direct messages: CHANNEL_MONOFORUM_UNSUPPORTED. */
export function mustNotBeDirect(row: Pick<ChannelRow, 'monoforum'>): void {
  if (row.monoforum === 1) throw new RpcError('CHANNEL_MONOFORUM_UNSUPPORTED')
}

/** The creator alone may. */
export function mustCreate(channel: ChannelRef): void {
  if (!isCreator(channel.member)) throw new RpcError('CHAT_ADMIN_REQUIRED')
}

export function mustBeIn(channel: ChannelRef): void {
  if (!isIn(channel.member)) throw new RpcError('USER_NOT_PARTICIPANT')
}

/**
 * Refuses what the viewer may not say here. Channels: whoever may post. Supergroups: members, and in linked ones
 * everybody, unless one has to join (CHAT_GUEST_SEND_FORBIDDEN); what the rights say.
 * @param refusal the error of a kind of content that everybody is kept from
 */
export function maySayInChannel(
  ctx: Ctx,
  channel: ChannelRef,
  actions: Iterable<ChatAction>,
  refusal: (action: ChatAction) => ErrorName | undefined,
): void {
  const { row, member } = channel
  if (row.megagroup === 0) {
    if (!hasRight(channel, 'postMessages')) throw new RpcError('CHAT_ADMIN_REQUIRED')
    return
  }
  if (isKicked(ctx, member)) throw new RpcError('CHANNEL_PRIVATE')
  if (row.monoforum === 1) {
    if (row.direct_messages === 0 && !isAdmin(member)) throw new RpcError('CHAT_WRITE_FORBIDDEN')
    return
  }
  if (!isIn(member)) {
    if (row.linked === null) throw new RpcError('CHAT_WRITE_FORBIDDEN')
    if (row.join_to_send === 1) throw new RpcError('CHAT_GUEST_SEND_FORBIDDEN')
  }
  if (row.gigagroup === 1 && !isAdmin(member)) throw new RpcError('CHAT_WRITE_FORBIDDEN')
  for (const action of actions) {
    const kept = keptFrom(ctx, channel, action)
    if (!kept) continue
    const rights = kept === 'own' ? bannedRights(ctx, member)! : defaultRights(row)
    if (rights.sendMessages) throw new RpcError(kept === 'own' ? 'USER_BANNED_IN_CHANNEL' : 'CHAT_WRITE_FORBIDDEN')
    if (!rights[action] && rights.sendMedia) throw new RpcError('CHAT_SEND_MEDIA_FORBIDDEN')
    throw new RpcError(refusal(action) ?? 'CHAT_WRITE_FORBIDDEN')
  }
}

/** Whether slow mode holds the viewer up. */
export function isSlowed(channel: ChannelRef): channel is ChannelRef & { member: ChannelMemberRow } {
  const { row, member } = channel
  return row.slowmode > 0 && member !== undefined && !isAdmin(member) && !freedByBoosts(channel)
}

/** When the viewer may speak again in slow mode; 0 for now. */
export function nextSendDate(ctx: Ctx, channel: ChannelRef): number {
  if (!isSlowed(channel)) return 0
  const { row, member } = channel
  if (member.last_sent === 0) return 0
  const next = member.last_sent + row.slowmode
  return next > ctx.now ? next : 0
}
