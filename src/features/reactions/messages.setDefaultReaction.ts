import { checkCustom, reactionKey } from '../../domain/reactions.ts'
import { isStandard } from '../../domain/standard-reactions.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.setDefaultReaction',
  async (ctx, req) => {
    const key = reactionKey(req.reaction)
    if (key === undefined) throw new RpcError('REACTION_INVALID')
    if (req.reaction._ === 'reactionCustomEmoji') {
      await checkCustom(ctx, req.reaction.documentId).catch((error) => {
        throw error instanceof RpcError ? new RpcError('REACTION_INVALID') : error
      })
    } else if (!isStandard(key)) throw new RpcError('REACTION_INVALID')
    await ctx.transact(async (tx) => {
      await tx.trx
        .insertInto('reaction_setting')
        .values({ owner: tx.userId, default_reaction: key })
        .onConflict((c) => c.column('owner').doUpdateSet({ default_reaction: key }))
        .execute()
      // help.getConfig has it: the other devices read that again.
      await tx.publish(tx.userId, { kind: 'update', update: { _: 'updateConfig' } })
    })
    return true
  },
  { flood: 'write' },
)
