import { seesIn } from '../../domain/access.ts'
import { answerMessages } from '../../domain/message-list.ts'
import { readPage } from '../../domain/pagination.ts'
import { method } from '../../rpc/method.ts'
import { findThread } from './find-thread.ts'
import { threadSource } from './thread-source.ts'

export default method(
  'messages.getReplies',
  async (ctx, req) => {
    const thread = await findThread(ctx, req.peer, req.msgId)
    const rows = (await readPage(req, threadSource(ctx, thread, req))).filter((row) => seesIn(thread.group, row))
    return answerMessages(ctx, rows, { count: thread.count, hash: req.hash, channel: thread.group })
  },
  { flood: 'read' },
)
