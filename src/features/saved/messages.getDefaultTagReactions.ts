import { listHash } from '../../domain/list-hash.ts'
import { viewReaction } from '../../domain/reactions.ts'
import { method } from '../../rpc/method.ts'

/** What clients offer to tag with first. */
const DEFAULT = ['❤', '👍', '👎', '🔥', '🎉', '🤔', '💯', '🏆']
const HASH = listHash(DEFAULT.map((emoji) => BigInt(emoji.codePointAt(0)!)))

export default method(
  'messages.getDefaultTagReactions',
  async (_ctx, req) => {
    if (req.hash === HASH) return { _: 'messages.reactionsNotModified' }
    return { _: 'messages.reactions', hash: HASH, reactions: DEFAULT.map(viewReaction) }
  },
  { flood: 'read' },
)
