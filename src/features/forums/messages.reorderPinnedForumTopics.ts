import { lockChannel } from '../../domain/channel-members.ts'
import { mustManageTopics } from '../../domain/channel-rights.ts'
import { toPeer } from '../../domain/peers.ts'
import { asUpdates } from '../../domain/sent.ts'
import { forumOf, lockTopic, setTopic } from '../../domain/topics.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'
import { PINNED, pinnedTopics } from './pins.ts'

export default method(
  'messages.reorderPinnedForumTopics',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { id, peer } = await forumOf(tx, req.peer)
      await lockBoxes(tx, [peer])
      const forum = await lockChannel(tx, id)
      mustManageTopics(forum)
      const wanted = [...new Set(req.order)]
      if (wanted.length > PINNED) throw new RpcError('PINNED_TOO_MUCH')
      const before = (await pinnedTopics(tx, forum)).map((topic) => topic.id)
      // What is pinned and not named keeps its place below, unless the client means all there are.
      const order = [...wanted, ...(req.force ? [] : before.filter((id) => !wanted.includes(id)))]
      if (order.length > PINNED) throw new RpcError('PINNED_TOO_MUCH')
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
