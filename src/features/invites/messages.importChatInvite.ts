import { askToJoin } from '../../domain/channel-invites.ts'
import { isIn, isKicked } from '../../domain/channel-rights.ts'
import { channelMember } from '../../domain/channel-rows.ts'
import { GONE, memberRow } from '../../domain/chat-rows.ts'
import { usableInvite } from '../../domain/invite-view.ts'
import { bareId, kindOf } from '../../domain/peers.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { comeByLink } from './joining.ts'

export default method(
  'messages.importChatInvite',
  async (ctx, req) => {
    const joined = await ctx.transact(async (tx) => {
      const invite = await usableInvite(tx, req.hash)
      if (await isThere(tx, invite.peer)) throw new RpcError('USER_ALREADY_PARTICIPANT')
      if (invite.request_needed === 1) {
        await askToJoin(tx, invite.peer, invite.hash)
        return undefined
      }
      return { _: 'messages.chatInviteJoinResultOk' as const, updates: await comeByLink(tx, invite) }
    })
    // They have asked, which is kept; whoever asks is told so by an error.
    if (!joined) throw new RpcError('INVITE_REQUEST_SENT')
    return joined
  },
  { flood: 'write' },
)

/** Whether the caller is in already; INVITE_HASH_EXPIRED for who was removed. */
async function isThere(ctx: Ctx, peer: number): Promise<boolean> {
  if (kindOf(peer) === 'chat') {
    const own = await memberRow(ctx, bareId(peer), ctx.userId)
    if (own?.gone === GONE.removed) throw new RpcError('INVITE_HASH_EXPIRED')
    return own?.gone === GONE.in
  }
  const own = await channelMember(ctx, bareId(peer), ctx.userId)
  if (isKicked(ctx, own)) throw new RpcError('INVITE_HASH_EXPIRED')
  return isIn(own)
}
