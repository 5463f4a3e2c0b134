import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import type { ChatRef } from './access.ts'
import { GONE, ROLE } from './chat-rows.ts'
import { defaultBanned } from './chats.ts'

/** What a member may be kept from by the group's default rights. https://core.telegram.org/api/rights */
export type ChatAction = Exclude<keyof tl.chatBannedRights, '_' | 'untilDate'>

/** Whether the viewer is in the group now and the group still lives. */
export function isPresent(chat: ChatRef): boolean {
  return chat.member !== undefined && chat.member.gone === GONE.in && chat.row.deactivated === 0
}

export function isAdmin(chat: ChatRef): boolean {
  return isPresent(chat) && chat.member!.role >= ROLE.admin
}

export function isCreator(chat: ChatRef): boolean {
  return isPresent(chat) && chat.member!.role === ROLE.creator
}

/** Whether the viewer may do this here: administrators may, members unless the default rights forbid it. */
export function mayInChat(chat: ChatRef, action: ChatAction): boolean {
  if (!isPresent(chat)) return false
  if (isAdmin(chat)) return true
  return !bans(defaultBanned(chat.row), action)
}

/** Whether these rights forbid an action: by its name, or by one that includes it. https://core.telegram.org/api/rights */
export function bans(rights: tl.chatBannedRights, action: ChatAction): boolean {
  if (rights[action] === true) return true
  if (MEDIA.has(action) && rights.sendMedia) return true
  return (MEDIA.has(action) || action === 'sendMedia' || action === 'sendPlain') && rights.sendMessages === true
}

/** Sending what is more than text. */
export const MEDIA: ReadonlySet<ChatAction> = new Set<ChatAction>([
  'sendStickers',
  'sendGifs',
  'sendGames',
  'sendInline',
  'embedLinks',
  'sendPolls',
  'sendPhotos',
  'sendVideos',
  'sendRoundvideos',
  'sendAudios',
  'sendVoices',
  'sendDocs',
])

/** CHAT_ID_INVALID for those who are not in the group, CHAT_ADMIN_REQUIRED for those who may not. */
export function mustInChat(chat: ChatRef, action: ChatAction): void {
  if (!isPresent(chat)) throw new RpcError('CHAT_ID_INVALID')
  if (!mayInChat(chat, action)) throw new RpcError('CHAT_ADMIN_REQUIRED')
}
