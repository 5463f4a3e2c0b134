import { access } from '../../domain/access.ts'
import { isPresent } from '../../domain/chat-rights.ts'
import { memberRows } from '../../domain/chat-rows.ts'
import { messageRow } from '../../domain/message-rows.ts'
import { READ_MARKS_KEPT, readDate } from '../../domain/read-marks.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/** `chat_read_mark_size_threshold` of the client configuration. */
const MOST_MEMBERS = 100

export default method(
  'messages.getMessageReadParticipants',
  async (ctx, req) => {
    const chat = await access.peer(ctx, req.peer)
    if (chat.kind !== 'chat' || !isPresent(chat)) throw new RpcError('PEER_ID_INVALID')
    if (chat.row.count > MOST_MEMBERS) throw new RpcError('CHAT_TOO_BIG')
    const message = await messageRow(ctx, ctx.userId, req.msgId)
    if (message?.peer !== chat.peer) throw new RpcError('MSG_ID_INVALID')
    if (message.date + READ_MARKS_KEPT < ctx.now) throw new RpcError('MSG_TOO_OLD')
    const readers: tl.ReadParticipantDate[] = []
    for (const { user_id: userId } of await memberRows(ctx, chat.id)) {
      if (userId === ctx.userId || userId === message.from_id) continue
      const date = await readDate(ctx, userId, chat.peer, message.origin)
      if (date !== undefined) readers.push({ _: 'readParticipantDate', userId, date })
    }
    return readers.sort((a, b) => b.date - a.date)
  },
  { flood: 'read' },
)
