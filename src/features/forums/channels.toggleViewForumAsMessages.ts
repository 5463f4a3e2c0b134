import { access } from '../../domain/access.ts'
import { asUpdates } from '../../domain/sent.ts'
import { mustBeForum } from '../../domain/topics.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'channels.toggleViewForumAsMessages',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const channel = await access.channel(tx, req.channel)
      mustBeForum(channel)
      const key = { owner: tx.userId, peer: channel.peer }
      if (req.enabled) {
        await tx.trx
          .insertInto('forum_as_messages')
          .values(key)
          .onConflict((c) => c.doNothing())
          .execute()
      } else {
        await tx.trx
          .deleteFrom('forum_as_messages')
          .where('owner', '=', key.owner)
          .where('peer', '=', key.peer)
          .execute()
      }
      const update: tl.Update = {
        _: 'updateChannelViewForumAsMessages',
        channelId: channel.id,
        enabled: req.enabled,
      }
      await tx.publish(tx.userId, { kind: 'update', update })
      return asUpdates(tx, [update])
    }),
  { flood: 'write' },
)
