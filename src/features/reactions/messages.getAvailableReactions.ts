import { STANDARD_REACTIONS } from '../../domain/standard-reactions.ts'
import { method } from '../../rpc/method.ts'
import { availableReactions } from './documents.ts'
import { textsHash } from './lists.ts'

/** The list is fixed, and so is its hash. */
const HASH = Number(BigInt.asIntN(31, textsHash(STANDARD_REACTIONS.flat())))

export default method(
  'messages.getAvailableReactions',
  async (ctx, req) => {
    if (req.hash !== 0 && req.hash === HASH) return { _: 'messages.availableReactionsNotModified' }
    return { _: 'messages.availableReactions', hash: HASH, reactions: await availableReactions(ctx) }
  },
  { flood: 'read' },
)
