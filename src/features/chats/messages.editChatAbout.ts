import { access, type ChannelRef } from '../../domain/access.ts'
import { lockChannel, logEvent, tellAll } from '../../domain/channel-members.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { bumpVersion, tellMembers } from '../../domain/chat-members.ts'
import { mustInChat } from '../../domain/chat-rights.ts'
import { type CommunityRef, communityPeerNamed } from '../../domain/communities.ts'
import { editCommunity } from '../../domain/community-settings.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.editChatAbout',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const community = await communityPeerNamed(tx, req.peer)
      if (community) return aboutCommunity(tx, community, req.about.trim())
      const chat = await access.peer(tx, req.peer)
      if (chat.kind === 'channel') return editInChannel(tx, chat, req.about.trim())
      if (chat.kind !== 'chat') throw new RpcError('PEER_ID_INVALID')
      mustInChat(chat, 'changeInfo')
      const about = req.about.trim()
      if (about.length > tx.app.config.limits.chatAboutLength) throw new RpcError('CHAT_ABOUT_TOO_LONG')
      if (about === chat.row.about) throw new RpcError('CHAT_ABOUT_NOT_MODIFIED')
      await bumpVersion(tx, chat.id)
      await tx.trx.updateTable('chat').set({ about }).where('id', '=', chat.id).execute()
      await tellMembers(tx, chat.id, { _: 'updateChat', chatId: chat.id })
      return true
    }),
  { flood: 'write' },
)

async function editInChannel(tx: Tx, named: ChannelRef, about: string): Promise<boolean> {
  const channel = await lockChannel(tx, named.id)
  mustInChannel(tx, channel, 'changeInfo')
  if (about.length > tx.app.config.limits.chatAboutLength) throw new RpcError('CHAT_ABOUT_TOO_LONG')
  const prevValue = channel.row.about
  if (about === prevValue) throw new RpcError('CHAT_ABOUT_NOT_MODIFIED')
  await setChannel(tx, channel, { about })
  const action = { _: 'channelAdminLogEventActionChangeAbout' as const, prevValue, newValue: about }
  await logEvent(tx, channel.id, 'info', action, `${prevValue} ${about}`)
  await tellAll(tx, channel.id)
  return true
}

async function aboutCommunity(tx: Tx, ref: CommunityRef, about: string): Promise<boolean> {
  if (about.length > tx.app.config.limits.chatAboutLength) throw new RpcError('CHAT_ABOUT_TOO_LONG')
  if (about === ref.row.about) throw new RpcError('CHAT_ABOUT_NOT_MODIFIED')
  await editCommunity(tx, ref, { about })
  return true
}
