import { reactionKey } from '../../domain/reactions.ts'
import { userRow } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Longest name of a tag; what is longer is cut. */
const TITLE = 12

export default method(
  'messages.updateSavedReactionTag',
  async (ctx, req) => {
    if ((await userRow(ctx, ctx.userId))?.premium !== 1) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
    const reaction = reactionKey(req.reaction)
    if (reaction === undefined || reaction === '') throw new RpcError('REACTION_INVALID')
    const title = [...(req.title ?? '').trim()].slice(0, TITLE).join('')
    await ctx.transact(async (tx) => {
      const owner = tx.userId
      const used = await tx.trx
        .selectFrom('reaction')
        .innerJoin('message', (j) => j.onRef('message.origin', '=', 'reaction.origin').on('message.owner', '=', owner))
        .select('reaction.n')
        .where('message.peer', '=', owner)
        .where('message.reacted', '=', 1)
        .where('reaction.peer', '=', owner)
        .where('reaction.reaction', '=', reaction)
        .limit(1)
        .execute()
      // Only a tag that is in use has a name.
      if (used.length === 0) throw new RpcError('REACTION_INVALID')
      if (title === '') {
        await tx.trx.deleteFrom('saved_tag').where('owner', '=', owner).where('reaction', '=', reaction).execute()
      } else {
        await tx.trx
          .insertInto('saved_tag')
          .values({ owner, reaction, title })
          .onConflict((c) => c.columns(['owner', 'reaction']).doUpdateSet({ title }))
          .execute()
      }
      await tx.publish(owner, { kind: 'update', update: { _: 'updateSavedReactionTags' } })
    })
    return true
  },
  { flood: 'write' },
)
