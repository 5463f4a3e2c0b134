import { namedPeer } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { savedTags, tagsHash } from './tags.ts'

export default method(
  'messages.getSavedReactionTags',
  async (ctx, req) => {
    const peer = req.peer && namedPeer(ctx, req.peer)
    if (peer === 0) throw new RpcError('PEER_ID_INVALID')
    const tags = await savedTags(ctx, peer)
    const hash = tagsHash(tags)
    if (req.hash !== 0n && req.hash === hash) return { _: 'messages.savedReactionTagsNotModified' }
    return { _: 'messages.savedReactionTags', tags, hash }
  },
  { flood: 'read' },
)
