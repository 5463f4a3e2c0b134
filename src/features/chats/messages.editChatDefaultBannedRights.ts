import { access, type ChannelRef } from '../../domain/access.ts'
import { lockChannel, logEvent } from '../../domain/channel-members.ts'
import { defaultRights, hasRight } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { bumpVersion, tellMembers } from '../../domain/chat-members.ts'
import { isAdmin, isPresent } from '../../domain/chat-rights.ts'
import { defaultBanned } from '../../domain/chats.ts'
import { communityPeerNamed } from '../../domain/communities.ts'
import { openLinks } from '../../domain/community-settings.ts'
import { atRest } from '../../domain/message-view.ts'
import { toPeer } from '../../domain/peers.ts'
import { asUpdates } from '../../domain/sent.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.editChatDefaultBannedRights',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const community = await communityPeerNamed(tx, req.peer)
      if (community) return openLinks(tx, community, req.bannedRights.manageLinkedPeers !== true)
      const chat = await access.peer(tx, req.peer)
      if (chat.kind === 'channel') return editInChannel(tx, chat, req.bannedRights)
      if (chat.kind !== 'chat') throw new RpcError('PEER_ID_INVALID')
      if (!isPresent(chat)) throw new RpcError('CHAT_ID_INVALID')
      if (!isAdmin(chat)) throw new RpcError('CHAT_ADMIN_REQUIRED')
      // Seeing the group cannot be forbidden to everybody, and default rights know no end.
      if (req.bannedRights.viewMessages) throw new RpcError('BANNED_RIGHTS_INVALID')
      const rights: tl.ChatBannedRights = { ...req.bannedRights, untilDate: FOREVER }
      if (Buffer.compare(atRest(rights), atRest(defaultBanned(chat.row))) === 0) throw new RpcError('CHAT_NOT_MODIFIED')
      const { version } = await bumpVersion(tx, chat.id)
      await tx.trx
        .updateTable('chat')
        .set({ default_banned: atRest(rights) })
        .where('id', '=', chat.id)
        .execute()
      const update: tl.Update = {
        _: 'updateChatDefaultBannedRights',
        peer: toPeer(chat.peer),
        defaultBannedRights: rights,
        version,
      }
      await tellMembers(tx, chat.id, update)
      return asUpdates(tx, [update])
    }),
  { flood: 'write' },
)

const FOREVER = 0x7fffffff

/** What the members of a supergroup may not do, as long as nothing else is said of one of them. */
async function editInChannel(tx: Tx, named: ChannelRef, wanted: tl.ChatBannedRights): Promise<tl.updates> {
  const channel = await lockChannel(tx, named.id)
  if (channel.row.megagroup === 0) throw new RpcError('CHAT_ID_INVALID')
  if (!hasRight(channel, 'banUsers')) throw new RpcError('CHAT_ADMIN_REQUIRED')
  if (wanted.viewMessages) throw new RpcError('BANNED_RIGHTS_INVALID')
  const newBannedRights: tl.ChatBannedRights = { ...wanted, untilDate: FOREVER }
  const prevBannedRights = defaultRights(channel.row)
  const stored = atRest(newBannedRights)
  if (Buffer.compare(stored, atRest(prevBannedRights)) === 0) throw new RpcError('CHAT_NOT_MODIFIED')
  await setChannel(tx, channel, { default_banned: stored })
  const action = { _: 'channelAdminLogEventActionDefaultBannedRights' as const, prevBannedRights, newBannedRights }
  await logEvent(tx, channel.id, 'settings', action)
  const update: tl.Update = {
    _: 'updateChatDefaultBannedRights',
    peer: toPeer(channel.peer),
    defaultBannedRights: newBannedRights,
    version: channel.row.version + 1,
  }
  await tx.publish(channel.peer, { kind: 'update', update })
  return asUpdates(tx, [update])
}
