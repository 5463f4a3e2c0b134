import { freeBoostsOf } from '../../domain/boost-slots.ts'
import { lockChannel, tellChannel } from '../../domain/channel-members.ts'
import { changed, locked } from '../../domain/channel-named.ts'
import { mustCreate } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { communityNamed } from '../../domain/communities.ts'
import { forgetChat } from '../../domain/community-links.ts'
import { deleteCommunity } from '../../domain/community-settings.ts'
import { channelPeer } from '../../domain/peers.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Above so many members a channel is not deleted by a call. https://core.telegram.org/method/channels.deleteChannel */
const LARGE = 1000

export default method(
  'channels.deleteChannel',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const community = await communityNamed(tx, req.channel)
      if (community) return deleteCommunity(tx, community)
      const channel = await locked(tx, req.channel)
      mustCreate(channel)
      if (channel.row.members > LARGE) throw new RpcError('CHANNEL_TOO_LARGE')
      const { id, peer } = channel
      if (channel.row.community !== null) await forgetChat(tx, channel.row.community, peer)
      await setChannel(tx, channel, { deleted: 1, linked: null, community: null })
      if (channel.row.monoforum_link !== null) await closeMonoforum(tx, channel.row.monoforum_link)
      if (channel.row.boosts > 0) await freeBoostsOf(tx, peer)
      if (channel.row.linked !== null) {
        await tx.trx.updateTable('channel').set({ linked: null }).where('id', '=', channel.row.linked).execute()
      }
      await tx.trx.deleteFrom('username').where('owner', '=', peer).execute()
      await tellGone(tx, id)
      return changed(tx, [{ _: 'updateChannel', channelId: id }])
    }),
  { flood: 'write' },
)

/** Tells all who were in a channel that it is gone, and has them read it no more. */
async function tellGone(tx: Tx, id: number): Promise<void> {
  const members = await tx.trx
    .selectFrom('channel_member')
    .select('user_id')
    .where('channel_id', '=', id)
    .where('state', '=', 0)
    .orderBy('user_id')
    .execute()
  for (const { user_id } of members) {
    await tellChannel(tx, user_id, id)
    tx.onCommit(() => tx.app.hub.follow(user_id, channelPeer(id), undefined))
  }
}

/** A channel's direct messages go with it. */
async function closeMonoforum(tx: Tx, id: number): Promise<void> {
  await setChannel(tx, await lockChannel(tx, id), { deleted: 1 })
  await tellGone(tx, id)
}
