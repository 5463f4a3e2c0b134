import { method } from '../../rpc/method.ts'

export default method(
  'messages.clearRecentReactions',
  (ctx) =>
    ctx.transact(async (tx) => {
      const owner = tx.userId
      const cleared = await tx.trx
        .updateTable('reaction_use')
        .set({ recent_ms: 0 })
        .where('owner', '=', owner)
        .where('recent_ms', '>', 0)
        .returning('reaction')
        .execute()
      if (cleared.length > 0) await tx.publish(owner, { kind: 'update', update: { _: 'updateRecentReactions' } })
      return true
    }),
  { flood: 'write' },
)
