import { dialogList } from '../../domain/dialogs.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { lockBoxes } from '../../updates/log.ts'

export default method(
  'messages.toggleDialogFilterTags',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const owner = tx.userId
      const user = await tx.trx.selectFrom('user').select('premium').where('id', '=', owner).executeTakeFirst()
      if (user?.premium !== 1) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
      await lockBoxes(tx, [owner])
      const tags = req.enabled ? 1 : 0
      if ((await dialogList(tx)).tags === tags) return true
      await tx.trx
        .insertInto('dialog_list')
        .values({ owner, tags })
        .onConflict((c) => c.column('owner').doUpdateSet({ tags }))
        .execute()
      await tx.publish(owner, { kind: 'update', update: { _: 'updateDialogFilters' } })
      return true
    }),
  { flood: 'write' },
)
