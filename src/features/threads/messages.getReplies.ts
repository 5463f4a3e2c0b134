import { seesIn } from '../../domain/access.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { readPage } from '../../domain/pagination.ts'
import { method } from '../../rpc/method.ts'
import { findBotTopic, findThread } from './find-thread.ts'
import { botTopicSource, threadSource } from './thread-source.ts'

export default method(
  'messages.getReplies',
  async (ctx, req) => {
    const topic = await findBotTopic(ctx, req.peer, req.msgId)
    if (topic) {
      const said = await readPage(req, botTopicSource(ctx, topic, req))
      return answerMessages(ctx, said, { count: Math.max(0, topic.messages - 1), hash: req.hash })
    }
    const thread = await findThread(ctx, req.peer, req.msgId)
    const rows = (await readPage(req, threadSource(ctx, thread, req))).filter((row) => seesIn(thread.group, row))
    return answerMessages(ctx, rows, { count: thread.count, hash: req.hash, channel: thread.group })
  },
  { flood: 'read' },
)
