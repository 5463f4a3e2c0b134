import { access } from '../../domain/access.ts'
import { hasRight, isIn } from '../../domain/channel-rights.ts'
import { channelMember } from '../../domain/channel-rows.ts'
import { isAdmin, isPresent } from '../../domain/chat-rights.ts'
import { GONE, memberRow } from '../../domain/chat-rows.ts'
import type { GroupRef } from '../../domain/ephemeral.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** A group that the caller is in; PEER_ID_INVALID for anything else, CHAT_WRITE_FORBIDDEN for who is not. */
export async function group(ctx: Ctx, input: tl.InputPeer | undefined): Promise<GroupRef> {
  const peer = await access.peer(ctx, input ?? { _: 'inputPeerEmpty' })
  if (peer.kind === 'user' || (peer.kind === 'channel' && peer.row.megagroup === 0)) {
    throw new RpcError('PEER_ID_INVALID')
  }
  const present = peer.kind === 'chat' ? isPresent(peer) : isIn(peer.member)
  if (!present) throw new RpcError('CHAT_WRITE_FORBIDDEN')
  return peer
}

/** A group whose messages for newcomers the caller looks after: CHAT_ADMIN_REQUIRED. */
export async function welcoming(ctx: Ctx, input: tl.InputPeer | undefined): Promise<GroupRef> {
  const peer = await group(ctx, input)
  const may = peer.kind === 'chat' ? isAdmin(peer) : hasRight(peer, 'manageWelcomeMessages')
  if (!may) throw new RpcError('CHAT_ADMIN_REQUIRED')
  return peer
}

/** Whether somebody else is in a group. */
export async function isThere(ctx: Ctx, peer: GroupRef, user: number): Promise<boolean> {
  if (peer.kind === 'chat') return (await memberRow(ctx, peer.id, user))?.gone === GONE.in
  return isIn(await channelMember(ctx, peer.id, user))
}
