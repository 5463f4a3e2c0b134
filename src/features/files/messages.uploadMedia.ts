import { access } from '../../domain/access.ts'
import { addressFiles } from '../../domain/files.ts'
import { makeMedia } from '../../domain/media.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.uploadMedia',
  async (ctx, { businessConnectionId, peer: input, media: given }) => {
    // @TODO business connections: ends with their own folder.
    if (businessConnectionId !== undefined) throw new RpcError('NOT_IMPLEMENTED')
    const peer = await access.peer(ctx, input)
    if (peer.kind === 'chat' && peer.member?.gone !== 0) throw new RpcError('CHAT_WRITE_FORBIDDEN')
    const media = await makeMedia(ctx, given)
    if (media._ === 'messageMediaEmpty') throw new RpcError('MEDIA_INVALID')
    return addressFiles(ctx, media)
  },
  { flood: 'upload' },
)
