import { access, type ChannelRef, type ChatRef, type UserRef } from '../../domain/access.ts'
import { hashOf, type InviteRow, inviteByHash } from '../../domain/channel-invites.ts'
import { isCreator as createdChannel, hasRight } from '../../domain/channel-rights.ts'
import { isAdmin, isCreator, isPresent, mayInChat } from '../../domain/chat-rights.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Where links lead. */
export type Place = ChannelRef | ChatRef

/** A group or channel whose links the caller may deal with: CHAT_ADMIN_REQUIRED. */
export async function managed(ctx: Ctx, input: tl.InputPeer): Promise<Place> {
  const peer = await access.peer(ctx, input)
  if (peer.kind === 'user') throw new RpcError('PEER_ID_INVALID')
  if (peer.kind === 'chat') {
    if (!isPresent(peer)) throw new RpcError('PEER_ID_INVALID')
    if (!isAdmin(peer) && !mayInChat(peer, 'inviteUsers')) throw new RpcError('CHAT_ADMIN_REQUIRED')
    return peer
  }
  if (!hasRight(peer, 'inviteUsers')) throw new RpcError('CHAT_ADMIN_REQUIRED')
  return peer
}

const isOwner = (place: Place) => (place.kind === 'chat' ? isCreator(place) : createdChannel(place.member))

/** A link of that place by its address: one's own, or as its creator anybody's. INVITE_HASH_EXPIRED. */
export async function named(ctx: Ctx, place: Place, link: string): Promise<InviteRow> {
  const row = await inviteByHash(ctx, hashOf(link))
  if (!row || row.peer !== place.peer) throw new RpcError('INVITE_HASH_EXPIRED')
  if (row.admin !== ctx.userId && !isOwner(place)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  return row
}

/** Whose links are asked for: one's own, or as the creator anybody's. ADMIN_ID_INVALID. */
export async function linkOwner(ctx: Ctx, place: Place, input: tl.InputUser): Promise<UserRef> {
  const admin = await access.user(ctx, input).catch(() => {
    throw new RpcError('ADMIN_ID_INVALID')
  })
  if (!admin.self && !isOwner(place)) throw new RpcError('ADMIN_ID_INVALID')
  return admin
}

export function mustOwn(place: Place): void {
  if (!isOwner(place)) throw new RpcError('CHAT_ADMIN_REQUIRED')
}

/** How many may come by one link. */
const USAGE = 99_999

/** USAGE_LIMIT_INVALID, EXPIRE_DATE_INVALID for what cannot be set of a link. */
export function checkLimits(
  ctx: Ctx,
  req: { expireDate?: number | undefined; usageLimit?: number | undefined; requestNeeded?: boolean | undefined },
): void {
  const { expireDate = 0, usageLimit = 0 } = req
  if (usageLimit < 0 || usageLimit > USAGE || (usageLimit > 0 && req.requestNeeded))
    throw new RpcError('USAGE_LIMIT_INVALID')
  if (expireDate !== 0 && expireDate <= ctx.now) throw new RpcError('EXPIRE_DATE_INVALID')
}

/** Longest name of a link. */
export const TITLE = 32
