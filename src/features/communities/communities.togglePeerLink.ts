import { access, type ChannelRef } from '../../domain/access.ts'
import { isCreator } from '../../domain/channel-rights.ts'
import {
  type CommunityRef,
  community,
  communityRights,
  isInCommunity,
  lockCommunity,
  tellCommunity,
} from '../../domain/communities.ts'
import { dropRequest, linkChat, unlinkChat } from '../../domain/community-links.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/**
 * Links a chat of one's own to a community, changes who is shown it, or takes it out. Where the community's
 * administrators have to agree they are asked, and who asks is told so by an error.
 */
export default method(
  'communities.togglePeerLink',
  async (ctx, req) => {
    if ([req.visible, req.hidden, req.deleted].filter(Boolean).length !== 1) throw new RpcError('DATA_INVALID')
    const done = await ctx.transact(async (tx) => {
      const named = await community(tx, req.community)
      const peer = await access.peer(tx, req.peer)
      // @TODO bots of one's own: end with the bots' folder, which knows whose they are.
      if (peer.kind === 'user' && peer.row.bot === 1) throw new RpcError('NOT_IMPLEMENTED')
      if (peer.kind !== 'channel') throw new RpcError('PEER_ID_INVALID')
      const ref = await lockCommunity(tx, named.id)
      return req.deleted ? unlink(tx, ref, peer) : link(tx, ref, peer, req.visible === true)
    })
    // The request is kept; whoever asks is told so by an error.
    if (!done) throw new RpcError('COMMUNITY_REQUEST_CREATED')
    return true
  },
  { flood: 'write' },
)

const manages = (tx: Tx, ref: CommunityRef): boolean => communityRights(ref, tx.userId)?.manageLinkedPeers === true

async function unlink(tx: Tx, ref: CommunityRef, channel: ChannelRef): Promise<boolean> {
  const own = isCreator(channel.member)
  if (!own && !manages(tx, ref)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  if (channel.row.community === ref.id) await unlinkChat(tx, ref.id, channel, tx.userId)
  else if (!(own && (await dropRequest(tx, ref.id, channel.peer)))) throw new RpcError('CHANNEL_INVALID')
  return true
}

/** @returns false where the community's administrators have been asked */
async function link(tx: Tx, ref: CommunityRef, channel: ChannelRef, visible: boolean): Promise<boolean> {
  if (channel.row.community === ref.id) {
    if (!manages(tx, ref)) throw new RpcError('CHAT_ADMIN_REQUIRED')
    await tx.trx
      .updateTable('community_peer')
      .set({ visible: visible ? 1 : 0 })
      .where('community', '=', ref.id)
      .where('peer', '=', channel.peer)
      .execute()
    await tellCommunity(tx, ref.id)
    return true
  }
  if (!isCreator(channel.member)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  if (channel.row.community !== null) throw new RpcError('CHAT_LINK_EXISTS')
  if (manages(tx, ref) || (ref.row.open_links === 1 && (await isInCommunity(tx, ref)))) {
    await linkChat(tx, ref.id, channel.id, tx.userId, visible)
    return true
  }
  const asked = { visible: visible ? 1 : 0, requested_by: tx.userId, date: tx.now }
  await tx.trx
    .insertInto('community_request')
    .values({ community: ref.id, peer: channel.peer, ...asked })
    .onConflict((c) => c.columns(['community', 'peer']).doUpdateSet(asked))
    .execute()
  await tx.publish(ref.row.creator, { kind: 'update', update: { _: 'updateChannel', channelId: ref.id } })
  return false
}
