import { tellUser } from '../../domain/acquaintances.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.setMainProfileTab',
  (ctx, { tab }) =>
    ctx.transact(async (tx) => {
      const main_tab = tab._.slice('profileTab'.length)
      await tx.trx.updateTable('user').set({ main_tab }).where('id', '=', tx.userId).execute()
      await tellUser(tx, tx.userId)
      return true
    }),
  { flood: 'write' },
)
