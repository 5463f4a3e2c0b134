import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

const MAX_NAME = 64

export default method(
  'help.dismissSuggestion',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      if (req.suggestion === '' || req.suggestion.length > MAX_NAME) throw new RpcError('LIMIT_INVALID')
      const peer = req.peer._ === 'inputPeerEmpty' ? 0 : (await access.peer(tx, req.peer)).peer
      await tx.trx
        .insertInto('dismissed_suggestion')
        .values({ owner: tx.userId, peer, suggestion: req.suggestion, date: tx.now })
        .onConflict((c) => c.columns(['owner', 'peer', 'suggestion']).doNothing())
        .execute()
      return true
    }),
  { flood: 'write' },
)
