import { keyName } from '../../rpc/authorizations.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { sessionOf } from './actions.ts'

const MAX_EXCEPT = 1000

/** Ends the temporary keys of the calling key, but for those named and the one that the answer goes back over. */
export default method(
  'auth.dropTempAuthKeys',
  async (ctx, req) => {
    if (req.exceptAuthKeys.length > MAX_EXCEPT) throw new RpcError('INPUT_REQUEST_TOO_LONG')
    const session = sessionOf(ctx)
    const kept = new Set([...req.exceptAuthKeys, session.tempKey].map(keyName))
    await ctx.transact(async (tx) => {
      const rows = await tx.trx.selectFrom('auth_key').select('id').where('perm_id', '=', session.auth.id).execute()
      for (const { id } of rows) {
        if (kept.has(id)) continue
        await tx.trx.deleteFrom('auth_key').where('id', '=', id).execute()
        tx.onCommit(() => tx.app.dropKey(BigInt(`0x${id}`)))
      }
    })
    return true
  },
  { anonymous: true, flood: 'write' },
)
