import { method } from '../../rpc/method.ts'

export default method(
  'contacts.editCloseFriends',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const owner = tx.userId
      const wanted = new Set(req.id)
      const rows = await tx.trx
        .selectFrom('contact')
        .select(['user_id', 'close_friend'])
        .where('owner', '=', owner)
        .execute()
      for (const row of rows) {
        const close = wanted.has(row.user_id) ? 1 : 0
        if (close === row.close_friend) continue
        await tx.trx
          .updateTable('contact')
          .set({ close_friend: close })
          .where('owner', '=', owner)
          .where('user_id', '=', row.user_id)
          .execute()
        await tx.publish(owner, { kind: 'update', update: { _: 'updateUser', userId: row.user_id } })
      }
      return true
    }),
  { flood: 'write' },
)
