import { lockChannel } from '../../domain/channel-members.ts'
import { mustManageTopics } from '../../domain/channel-rights.ts'
import { toPeer } from '../../domain/peers.ts'
import { asUpdates } from '../../domain/sent.ts'
import { forumOf, lockTopic } from '../../domain/topics.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes } from '../../updates/log.ts'
import { pinBotTopic } from './bot-topics.ts'
import { pinTopic } from './pins.ts'

export default method(
  'messages.updatePinnedForumTopic',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const named = await forumOf(tx, req.peer)
      if (named.kind === 'bot') return pinBotTopic(tx, named, req.topicId, req.pinned)
      const { id, peer } = named
      await lockBoxes(tx, [peer])
      const forum = await lockChannel(tx, id)
      const topic = await lockTopic(tx, forum, req.topicId)
      mustManageTopics(forum)
      if (req.pinned === topic.pinned > 0) throw new RpcError('TOPIC_NOT_MODIFIED')
      await pinTopic(tx, forum, topic, req.pinned)
      const update: tl.Update = {
        _: 'updatePinnedForumTopic',
        pinned: req.pinned || undefined,
        peer: toPeer(forum.peer),
        topicId: topic.id,
      }
      await tx.publish(forum.peer, { kind: 'update', update })
      return asUpdates(tx, [update])
    }),
  { flood: 'write' },
)
