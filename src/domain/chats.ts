import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { askMember, type ChatRow, chatRow, GONE, memberRow, ROLE } from './chat-rows.ts'
import { photoRow } from './files.ts'
import { accessHash } from './hashes.ts'
import { viewChatPhoto } from './shown-photos.ts'

/** Every right a basic group's administrator has. https://core.telegram.org/constructor/chatAdminRights */
export const CHAT_ADMIN_RIGHTS: tl.ChatAdminRights = {
  _: 'chatAdminRights',
  changeInfo: true,
  deleteMessages: true,
  banUsers: true,
  inviteUsers: true,
  pinMessages: true,
  manageCall: true,
  other: true,
}

/** Until nothing else is set members may do everything. */
export const NO_BANS: tl.ChatBannedRights = { _: 'chatBannedRights', untilDate: 0x7fffffff }

export function defaultBanned(row: ChatRow): tl.ChatBannedRights {
  return row.default_banned ? (readObject(row.default_banned) as tl.ChatBannedRights) : NO_BANS
}

/** Basic groups as the caller sees them. Those they never were in, and were removed from, show as forbidden. */
export async function viewChats(ctx: Ctx, ids: Iterable<number>): Promise<tl.Chat[]> {
  const chats: tl.Chat[] = []
  for (const id of new Set(ids)) {
    askMember(ctx, id, ctx.viewer)
    const row = await chatRow(ctx, id)
    chats.push(row ? await viewChat(ctx, row) : { _: 'chatEmpty', id })
  }
  return chats
}

/** https://core.telegram.org/constructor/chat */
export async function viewChat(ctx: Ctx, row: ChatRow, invited = false): Promise<tl.Chat> {
  const member = await memberRow(ctx, row.id, ctx.viewer)
  const unseen = !member || member.gone === GONE.removed
  if (unseen && !invited) return { _: 'chatForbidden', id: row.id, title: row.title }
  const photo = row.photo_id ? await photoRow(ctx, row.photo_id) : undefined
  return {
    _: 'chat',
    id: row.id,
    title: row.title,
    creator: member?.role === ROLE.creator || undefined,
    left: member?.gone !== GONE.in || undefined,
    deactivated: row.deactivated === 1 || undefined,
    noforwards: row.noforwards === 1 || undefined,
    photo: viewChatPhoto(ctx, photo),
    migratedTo: migratedTo(ctx, row),
    participantsCount: row.count,
    date: row.date,
    version: row.version,
    adminRights: (member?.role ?? 0) >= ROLE.admin ? CHAT_ADMIN_RIGHTS : undefined,
    defaultBannedRights: defaultBanned(row),
  }
}

/** The supergroup that a basic group has become. */
function migratedTo(ctx: Ctx, row: ChatRow): tl.InputChannel | undefined {
  if (row.migrated_to === null) return undefined
  return { _: 'inputChannel', channelId: row.migrated_to, accessHash: accessHash(ctx, 'channel', row.migrated_to) }
}
