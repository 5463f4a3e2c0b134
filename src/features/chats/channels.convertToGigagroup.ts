import { logEvent } from '../../domain/channel-members.ts'
import { changed, locked, mustBeGroup } from '../../domain/channel-named.ts'
import { BANNABLE, defaultRights, FOREVER, mustCreate } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { atRest } from '../../domain/message-view.ts'
import { toPeer } from '../../domain/peers.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/**
 * A group that has grown too big for everybody to talk becomes one where only administrators do; there is no way back.
 * https://core.telegram.org/api/channel#gigagroups
 */
export default method(
  'channels.convertToGigagroup',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await locked(tx, req.channel)
      mustBeGroup(channel, 'CHANNEL_INVALID')
      mustCreate(channel)
      const { row } = channel
      if (row.gigagroup === 1) throw new RpcError('CHANNEL_INVALID')
      if (row.forum === 1) throw new RpcError('FORUM_ENABLED')
      if (row.members < tx.app.config.limits.gigagroupMembers) throw new RpcError('PARTICIPANTS_TOO_FEW')
      const newBannedRights: tl.chatBannedRights = { _: 'chatBannedRights', untilDate: FOREVER }
      for (const action of BANNABLE) if (action !== 'sendReactions') newBannedRights[action] = true
      const off = { slowmode: 0, join_to_send: 0, join_request: 0, antispam: 0 }
      await setChannel(tx, channel, { gigagroup: 1, default_banned: atRest(newBannedRights), ...off })
      const action = { _: 'channelAdminLogEventActionDefaultBannedRights' as const, newBannedRights }
      await logEvent(tx, channel.id, 'settings', { ...action, prevBannedRights: defaultRights(row) })
      const updates: tl.Update[] = [
        { _: 'updateChannel', channelId: channel.id },
        {
          _: 'updateChatDefaultBannedRights',
          peer: toPeer(channel.peer),
          defaultBannedRights: newBannedRights,
          version: row.version + 1,
        },
      ]
      await tx.publishAll(updates.map((update) => [channel.peer, { kind: 'update', update }]))
      return changed(tx, updates)
    }),
  { flood: 'write' },
)
