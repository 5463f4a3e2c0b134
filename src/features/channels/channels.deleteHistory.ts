import { access } from '../../domain/access.ts'
import { deleteRange } from '../../domain/channel-history.ts'
import { changed } from '../../domain/channel-named.ts'
import { isIn, mustCreate } from '../../domain/channel-rights.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Above so many messages a history is not deleted for everybody by a call. */
const LARGE = 100_000

export default method(
  'channels.deleteHistory',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await access.channel(tx, req.channel)
      if (!isIn(channel.member)) throw new RpcError('CHANNEL_PARICIPANT_MISSING')
      const to = req.maxId > 0 ? Math.min(req.maxId, channel.row.top_message) : channel.row.top_message
      if (req.forEveryone) {
        mustCreate(channel)
        if (channel.row.messages > LARGE) throw new RpcError('CHANNEL_TOO_BIG')
        return changed(tx, await deleteRange(tx, channel, to))
      }
      const update: tl.Update = { _: 'updateChannelAvailableMessages', channelId: channel.id, availableMinId: to }
      await tx.trx
        .updateTable('channel_member')
        .set({ min_id: to })
        .where('channel_id', '=', channel.id)
        .where('user_id', '=', tx.userId)
        .where('min_id', '<', to)
        .execute()
      await tx.publish(tx.userId, { kind: 'update', update })
      return changed(tx, [update])
    }),
  { flood: 'write' },
)
