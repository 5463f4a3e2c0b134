import { access } from '../../domain/access.ts'
import type { Carried } from '../../domain/message-view.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { readObject } from '../../tl/index.ts'
import { mayEdit } from './edit.ts'

/** The text beside the preview of a link is a message, not a caption; a rich message has captions of its own. */
const UNCAPTIONED = new Set<Carried['_']>(['messageMediaWebPage', 'richMessage'])
const isCaption = (media: Uint8Array | null): boolean =>
  media !== null && !UNCAPTIONED.has((readObject(media) as Carried)._)

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
    return { _: 'messages.messageEditData', caption: isCaption(row.media) || undefined }
  },
  { flood: 'read' },
)
