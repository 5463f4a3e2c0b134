import { method } from '../../rpc/method.ts'
import { tellAutoSave } from './tell.ts'

export default method(
  'account.deleteAutoSaveExceptions',
  (ctx) =>
    ctx.transact(async (tx) => {
      const gone = await tx.trx
        .deleteFrom('auto_save')
        .where('owner', '=', tx.userId)
        .where('scope', 'not in', ['users', 'chats', 'broadcasts'])
        .returning('scope')
        .execute()
      if (gone.length > 0) await tellAutoSave(tx)
      return true
    }),
  { flood: 'write' },
)
