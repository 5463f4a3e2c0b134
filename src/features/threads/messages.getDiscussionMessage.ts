import { seesIn } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { isIn } from '../../domain/channel-rights.ts'
import { copiesOfPost } from '../../domain/comments.ts'
import { complete } from '../../domain/complete.ts'
import { dialogRow, messageRows } from '../../domain/message-rows.ts'
import { newestIn, unreadInThread } from '../../domain/thread-counts.ts'
import { threadState } from '../../domain/thread-states.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { findThread } from './find-thread.ts'

export default method(
  'messages.getDiscussionMessage',
  async (ctx, req) => {
    const { group, root, channel } = await findThread(ctx, req.peer, req.msgId)
    const copies = channel === undefined ? [] : await copiesOfPost(ctx, channel, root, group.peer)
    const ids = copies.length > 0 ? copies : [root]
    const rows = (await messageRows(ctx, group.peer, ids)).filter((row) => seesIn(group, row))
    if (rows.length === 0) throw new RpcError('MSG_ID_INVALID')
    const state = await threadState(ctx, ctx.userId, group.peer, root)
    const dialog = isIn(group.member) ? await dialogRow(ctx, ctx.userId, group.peer) : undefined
    const newest = await newestIn(ctx, group, root)
    const maxId = newest && newest.id > root ? newest.id : undefined
    const read = Math.max(state?.read_inbox ?? 0, dialog?.read_inbox ?? 0)
    const readByOthers = Math.max(state?.read_outbox ?? 0, dialog?.read_outbox ?? 0)
    return complete<tl.messages_discussionMessage>(ctx, {
      _: 'messages.discussionMessage',
      messages: await viewMessages(ctx, rows),
      maxId,
      readInboxMaxId: read > 0 ? Math.min(read, maxId ?? read) : undefined,
      readOutboxMaxId: readByOthers > 0 ? Math.min(readByOthers, maxId ?? readByOthers) : undefined,
      unreadCount: maxId === undefined || read >= maxId ? 0 : await unreadInThread(ctx, group, root, read),
      chats: [],
      users: [],
    })
  },
  { flood: 'read' },
)
