import { access } from '../../domain/access.ts'
import { isIn } from '../../domain/channel-rights.ts'
import { addressFiles } from '../../domain/files.ts'
import { makeMedia } from '../../domain/media.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** What sending would say more precisely this method only calls invalid. */
const OF_SENDING = new Set(['EMOTICON_INVALID', 'MEDIA_EMPTY', 'TTL_MEDIA_INVALID'])

function asInvalid(error: unknown): never {
  throw error instanceof RpcError && OF_SENDING.has(error.type) ? new RpcError('MEDIA_INVALID') : error
}

export default method(
  'messages.uploadMedia',
  async (ctx, { businessConnectionId, peer: input, media: given }) => {
    // @TODO business connections: ends with their own folder.
    if (businessConnectionId !== undefined) throw new RpcError('NOT_IMPLEMENTED')
    const peer = await access.peer(ctx, input)
    if (peer.kind === 'channel' ? !isIn(peer.member) : peer.kind === 'chat' && peer.member?.gone !== 0)
      throw new RpcError('CHAT_WRITE_FORBIDDEN')
    const media = await makeMedia(ctx, given).catch(asInvalid)
    if (media._ === 'messageMediaEmpty') throw new RpcError('MEDIA_INVALID')
    return addressFiles(ctx, media)
  },
  { flood: 'upload' },
)
