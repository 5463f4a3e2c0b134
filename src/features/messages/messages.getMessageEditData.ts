import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { mayEdit } from './edit.ts'

export default method(
  'messages.getMessageEditData',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const { row } = await access.message(ctx, peer, req.id)
    try {
      mayEdit(ctx, peer, row, false)
    } catch (error) {
      // What is too old cannot be edited; this method has no error of its own for it.
      throw error instanceof RpcError && error.type === 'MESSAGE_EDIT_TIME_EXPIRED'
        ? new RpcError('MESSAGE_ID_INVALID')
        : error
    }
    return { _: 'messages.messageEditData', caption: row.media !== null || undefined }
  },
  { flood: 'read' },
)
