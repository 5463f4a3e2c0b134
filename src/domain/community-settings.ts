import type { Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { ownChannel, type UserRef } from './access.ts'
import {
  COMMUNITY_RIGHTS,
  type CommunityRef,
  communityDefaults,
  communityRights,
  linkedChannels,
  lockCommunity,
  mustInCommunity,
  setCommunityMember,
  tellCommunity,
} from './communities.ts'
import { unlinkChat } from './community-links.ts'
import { atRest } from './message-view.ts'
import { channelPeer, toPeer } from './peers.ts'
import { asUpdates } from './sent.ts'

/** Changes what a community is called, says of itself or looks like. CHAT_NOT_MODIFIED. */
export async function editCommunity(
  tx: Tx,
  ref: CommunityRef,
  set: { title?: string; about?: string; photo_id?: number | null },
): Promise<tl.updates> {
  mustInCommunity(tx, ref, 'changeInfo')
  const same = Object.entries(set).every(([column, value]) => ref.row[column as keyof typeof set] === value)
  if (same) throw new RpcError('CHAT_NOT_MODIFIED')
  await tx.trx.updateTable('community').set(set).where('id', '=', ref.id).execute()
  return asUpdates(tx, [await tellCommunity(tx, ref.id)])
}

/** Whether whoever is in a community may link their chats to it without being let. */
export async function openLinks(tx: Tx, ref: CommunityRef, open: boolean): Promise<tl.updates> {
  mustInCommunity(tx, ref, 'changeInfo')
  const row = { ...ref.row, open_links: open ? 1 : 0 }
  if (row.open_links === ref.row.open_links) throw new RpcError('CHAT_NOT_MODIFIED')
  await tx.trx.updateTable('community').set({ open_links: row.open_links }).where('id', '=', ref.id).execute()
  await tellCommunity(tx, ref.id)
  const update: tl.Update = {
    _: 'updateChatDefaultBannedRights',
    peer: toPeer(channelPeer(ref.id)),
    defaultBannedRights: communityDefaults(row),
    version: 0,
  }
  return asUpdates(tx, [{ _: 'updateChannel', channelId: ref.id }, update])
}

/** Makes somebody who is in a community an administrator of it, or a plain member again; nobody gives what they lack. */
export async function editCommunityAdmin(
  tx: Tx,
  named: CommunityRef,
  user: UserRef,
  wanted: tl.chatAdminRights,
): Promise<tl.updates> {
  const ref = await lockCommunity(tx, named.id)
  mustInCommunity(tx, ref, 'addAdmins')
  if (user.id === ref.row.creator) throw new RpcError('USER_CREATOR')
  if (user.self || user.row.bot === 1) throw new RpcError('USER_ID_INVALID')
  const own = communityRights(ref, tx.userId)
  const rights: tl.chatAdminRights = { _: 'chatAdminRights' }
  for (const right of COMMUNITY_RIGHTS) {
    if (!wanted[right]) continue
    if (!own?.[right]) throw new RpcError('RIGHT_FORBIDDEN')
    rights[right] = true
  }
  const promotes = Object.keys(rights).length > 1
  const member = await tx.trx
    .selectFrom('community_member')
    .selectAll()
    .where('community', '=', ref.id)
    .where('user_id', '=', user.id)
    .executeTakeFirst()
  if (member?.banned === 1) throw new RpcError('USER_KICKED')
  await setCommunityMember(tx, ref.id, user.id, { admin_rights: promotes ? atRest(rights) : null })
  return asUpdates(tx, [await tellCommunity(tx, ref.id)])
}

/** Ends a community; its chats go on without. */
export async function deleteCommunity(tx: Tx, named: CommunityRef): Promise<tl.updates> {
  const ref = await lockCommunity(tx, named.id)
  if (ref.row.creator !== tx.userId) throw new RpcError('CHAT_ADMIN_REQUIRED')
  for (const id of (await linkedChannels(tx, ref.id)).sort((a, b) => a - b)) {
    await unlinkChat(tx, ref.id, await ownChannel(tx, id), tx.userId)
  }
  await tx.trx.deleteFrom('community_request').where('community', '=', ref.id).execute()
  await tx.trx.updateTable('community').set({ deleted: 1 }).where('id', '=', ref.id).execute()
  await tx.publish(tx.userId, { kind: 'update', update: { _: 'updateChannel', channelId: ref.id } })
  return asUpdates(tx, [{ _: 'updateChannel', channelId: ref.id }])
}
