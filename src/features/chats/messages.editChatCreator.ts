import { access, type ChannelRef } from '../../domain/access.ts'
import { giveChannel } from '../../domain/channel-heirs.ts'
import { lockChannel } from '../../domain/channel-members.ts'
import { mayHaveOneMorePublic } from '../../domain/channel-named.ts'
import { isIn, mustCreate } from '../../domain/channel-rights.ts'
import { channelMember } from '../../domain/channel-rows.ts'
import { passOn } from '../../domain/chat-join.ts'
import { announce, bumpVersion, tellParticipants } from '../../domain/chat-members.ts'
import { isCreator } from '../../domain/chat-rights.ts'
import { GONE, memberRow } from '../../domain/chat-rows.ts'
import { mayGiveAway } from '../../domain/passwords.ts'
import { asUpdates, sentUpdates } from '../../domain/sent.ts'
import { activeUsernames } from '../../domain/usernames.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.editChatCreator',
  async (ctx, req) => {
    // So clients ask whether they could.
    if (req.peer._ === 'inputPeerEmpty') await mayGiveAway(ctx, req.password)
    const before = await access.peer(ctx, req.peer)
    if (before.kind === 'channel') return passOnChannel(ctx, before, req)
    if (before.kind !== 'chat') throw new RpcError('PEER_ID_INVALID')
    if (!isCreator(before)) throw new RpcError('CHAT_ADMIN_REQUIRED')
    await mayGiveAway(ctx, req.password)
    return ctx.transact(async (tx) => {
      const chat = await access.chat(tx, before.id)
      await bumpVersion(tx, chat.id)
      const user = await access.user(tx, req.userId)
      const member = await memberRow(tx, chat.id, user.id)
      if (user.self || user.row.bot) throw new RpcError('USER_ID_INVALID')
      if (!member || member.gone !== GONE.in) throw new RpcError('USER_NOT_PARTICIPANT')
      await passOn(tx, chat.id, tx.userId, user.id)
      const sent = await announce(tx, chat.id, { action: { _: 'messageActionChangeCreator', newCreatorId: user.id } })
      return sentUpdates(tx, [sent], [await tellParticipants(tx, chat.id)])
    })
  },
  { flood: 'write' },
)

/** Gives a channel to another of its members; who had it stays an administrator with every right. */
async function passOnChannel(
  ctx: Ctx,
  named: ChannelRef,
  req: Params<'messages.editChatCreator'>,
): Promise<tl.updates> {
  mustCreate(named)
  await mayGiveAway(ctx, req.password)
  return ctx.transact(async (tx) => {
    const channel = await lockChannel(tx, named.id)
    mustCreate(channel)
    const user = await access.user(tx, req.userId)
    if (user.self || user.row.bot) throw new RpcError('USER_ID_INVALID')
    if (!isIn(await channelMember(tx, channel.id, user.id))) throw new RpcError('USER_NOT_PARTICIPANT')
    const isPublic = (await activeUsernames(tx, channel.peer)).length > 0
    if (isPublic) await mayHaveOneMorePublic(tx, { channel, user: user.id })
    await giveChannel(tx, channel, tx.userId, user.id)
    return asUpdates(tx, [{ _: 'updateChannel', channelId: channel.id }])
  })
}
