import { method } from '../../rpc/method.ts'

/** DEVIATES: kept for when something is pushed to devices. See docs/notifications.md. */
export default method(
  'account.updateDeviceLocked',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const row = { owner: tx.userId, period: req.period, date: tx.now }
      await tx.trx
        .insertInto('device_lock')
        .values({ auth_key: tx.session!.auth.id, ...row })
        .onConflict((c) => c.column('auth_key').doUpdateSet(row))
        .execute()
      return true
    }),
  { flood: 'write' },
)
