import { access } from '../../domain/access.ts'
import { reactionsOf } from '../../domain/reactions.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.reportReaction',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const { row } = await access.message(ctx, peer, req.id).catch((error) => {
      throw error instanceof RpcError ? new RpcError('MSG_ID_INVALID') : error
    })
    const reactor = await access.peer(ctx, req.reactionPeer)
    if ((await reactionsOf(ctx, row.origin, reactor.peer)).length === 0) throw new RpcError('USER_ID_INVALID')
    // For the operator, who is the one to act on it.
    await ctx.transact((tx) =>
      tx.trx
        .insertInto('reaction_report')
        .values({ owner: tx.userId, origin: row.origin, peer: reactor.peer, date: tx.now })
        .onConflict((c) => c.doNothing())
        .execute(),
    )
    ctx.app.log.info({ by: ctx.userId, reactor: reactor.peer, chat: peer.peer }, 'a reaction was reported')
    return true
  },
  { flood: 'write' },
)
