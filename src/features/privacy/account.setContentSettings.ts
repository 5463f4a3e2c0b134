import { method } from '../../rpc/method.ts'

export default method(
  'account.setContentSettings',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await tx.trx
        .updateTable('user')
        .set({ sensitive: req.sensitiveEnabled ? 1 : 0 })
        .where('id', '=', tx.userId)
        .execute()
      return true
    }),
  { flood: 'write' },
)
