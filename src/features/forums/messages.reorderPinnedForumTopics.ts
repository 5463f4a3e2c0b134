import { lockChannel } from '../../domain/channel-members.ts'
import { mustManageTopics } from '../../domain/channel-rights.ts'
import { toPeer } from '../../domain/peers.ts'
import { asUpdates } from '../../domain/sent.ts'
import { forumOf, lockTopic, setTopic } from '../../domain/topics.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'
import { reorderBotTopics } from './bot-topics.ts'
import { orderOf, pinnedTopics } from './pins.ts'

export default method(
  'messages.reorderPinnedForumTopics',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const named = await forumOf(tx, req.peer)
      if (named.kind === 'bot') return reorderBotTopics(tx, named, req.order, req.force ?? false)
      const { id, peer } = named
      await lockBoxes(tx, [peer])
      const forum = await lockChannel(tx, id)
      mustManageTopics(forum)
      const before = (await pinnedTopics(tx, forum)).map((topic) => topic.id)
      const order = orderOf(req.order, before, req.force ?? false)
      for (const id of before) if (!order.includes(id)) await setTopic(tx, forum, id, { pinned: 0 })
      for (const [i, id] of order.entries()) {
        await lockTopic(tx, forum, id)
        await setTopic(tx, forum, id, { pinned: order.length - i })
      }
      const update: tl.Update = { _: 'updatePinnedForumTopics', peer: toPeer(forum.peer), order }
      await tx.publish(forum.peer, { kind: 'update', update })
      return asUpdates(tx, [update])
    }),
  { flood: 'write' },
)
