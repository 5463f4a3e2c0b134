import { access } from '../../domain/access.ts'
import { viewMessages } from '../../domain/channel-marks.ts'
import { complete } from '../../domain/complete.ts'
import { addressFiles } from '../../domain/files.ts'
import type { Carried } from '../../domain/message-view.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

/** A rich message with all of its blocks: with a message itself comes a part of a long one. */
export default method(
  'messages.getRichMessage',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const { row } = await access.message(ctx, peer, req.id)
    const carried = row.media ? (readObject(row.media) as Carried) : undefined
    if (carried?._ !== 'richMessage') throw new RpcError('MESSAGE_ID_INVALID')
    const [view] = await viewMessages(ctx, [row])
    const message: tl.message = { ...(view as tl.message), richMessage: addressFiles(ctx, carried) }
    return complete<tl.messages_messages>(ctx, {
      _: 'messages.messages',
      messages: [message],
      topics: [],
      chats: [],
      users: [],
    })
  },
  { flood: 'read' },
)
