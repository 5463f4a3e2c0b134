import { readBotTopic } from '../../domain/bot-topic-states.ts'
import { readThread } from '../../domain/thread-states.ts'
import { method } from '../../rpc/method.ts'
import { findBotTopic, findThread } from './find-thread.ts'

export default method(
  'messages.readDiscussion',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const topic = await findBotTopic(tx, req.peer, req.msgId)
      if (topic) {
        await readBotTopic(tx, topic, req.readMaxId)
        return true
      }
      const { group, root } = await findThread(tx, req.peer, req.msgId)
      await readThread(tx, group, root, req.readMaxId)
      return true
    }),
  { flood: 'write' },
)
