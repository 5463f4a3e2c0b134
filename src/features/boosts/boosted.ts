import { access, type ChannelRef } from '../../domain/access.ts'
import { isAdmin } from '../../domain/channel-rights.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** What can be boosted: a channel or supergroup that the caller may look into; PEER_ID_INVALID for anything else. */
export async function boosted(ctx: Ctx, input: tl.InputPeer): Promise<ChannelRef> {
  const peer = await access.peer(ctx, input)
  if (peer.kind !== 'channel' || peer.row.monoforum === 1) throw new RpcError('PEER_ID_INVALID')
  return peer
}

/** The same for who looks after it: CHAT_ADMIN_REQUIRED. */
export async function looksAfter(ctx: Ctx, input: tl.InputPeer): Promise<ChannelRef> {
  const channel = await boosted(ctx, input)
  if (!isAdmin(channel.member)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  return channel
}
