import { readThread } from '../../domain/thread-states.ts'
import { method } from '../../rpc/method.ts'
import { findThread } from './find-thread.ts'

export default method(
  'messages.readDiscussion',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const { group, root } = await findThread(tx, req.peer, req.msgId)
      await readThread(tx, group, root, req.readMaxId)
      return true
    }),
  { flood: 'write' },
)
