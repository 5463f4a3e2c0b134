import type { ChannelRef } from '../../domain/access.ts'
import { logEvent } from '../../domain/channel-members.ts'
import { hasRight, isIn } from '../../domain/channel-rights.ts'
import { removeMessages } from '../../domain/remove-messages.ts'
import { inThreadOf } from '../../domain/threads.ts'
import { viewBareTopic } from '../../domain/topic-view.ts'
import { anyTopic, forumOf, GENERAL, setTopic, type TopicRow } from '../../domain/topics.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { boxState, lockBoxes } from '../../updates/log.ts'
import { deleteBotTopic } from './bot-topics.ts'

/** Messages deleted in one call; the client repeats it until nothing is left. */
const PORTION = 500

export default method(
  'messages.deleteTopicHistory',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const forum = await forumOf(tx, req.peer)
      if (forum.kind === 'bot') return deleteBotTopic(tx, forum, req.topMsgId, PORTION)
      await lockBoxes(tx, [forum.peer])
      // A topic that is gone may have messages left from a call before.
      const topic = await anyTopic(tx, forum, req.topMsgId)
      if (!topic || topic.id === GENERAL) throw new RpcError('TOPIC_ID_INVALID')
      await mayDelete(tx, forum, topic)
      if (topic.deleted === 0) {
        await setTopic(tx, forum, topic.id, { deleted: 1, pinned: 0 })
        const event = { _: 'channelAdminLogEventActionDeleteTopic' as const, topic: viewBareTopic(forum, topic) }
        await logEvent(tx, forum.id, 'forums', event, topic.title)
      }
      const rows = await said(tx, forum, topic).selectAll().orderBy('id', 'desc').limit(PORTION).execute()
      const published = (await removeMessages(tx, new Map([[forum.peer, rows]]))).get(forum.peer)
      const { left } = await said(tx, forum, topic)
        .select((eb) => eb.fn.countAll<number>().as('left'))
        .executeTakeFirstOrThrow()
      const { pts } = published ?? (await boxState(tx, forum.peer))
      return { _: 'messages.affectedHistory', pts, ptsCount: published?.ptsCount ?? 0, offset: left }
    }),
  { flood: 'write' },
)

const said = (tx: Tx, forum: ChannelRef, topic: TopicRow) =>
  tx.trx.selectFrom('message').where('owner', '=', forum.peer).where(inThreadOf(tx.app.store.d, topic.id))

/** Whoever deletes messages may, and who opened the topic as long as nobody else has spoken in it. */
async function mayDelete(tx: Tx, forum: ChannelRef, topic: TopicRow): Promise<void> {
  if (hasRight(forum, 'deleteMessages')) return
  if (topic.creator !== tx.userId || !isIn(forum.member)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  const other = await said(tx, forum, topic).select('id').where('sender', '<>', tx.userId).limit(1).executeTakeFirst()
  if (other) throw new RpcError('CHAT_ADMIN_REQUIRED')
}
