import { endKeys } from '../../domain/authorizations.ts'
import { CODE_STATE, setCodeState, tryCode } from '../../domain/codes.ts'
import { userRow } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { cancelDeletion, pendingDeletion } from './deletion.ts'

/** Keeps the account, and signs out the device that asked for its deletion. */
export default method(
  'account.confirmPhone',
  async (ctx, req) => {
    if (req.phoneCode === '') throw new RpcError('PHONE_CODE_EMPTY')
    const verdict = await ctx.transact(async (tx) => {
      const phone = (await userRow(tx, tx.userId))?.phone ?? ''
      const tried = await tryCode(tx, 'confirm', req.phoneCodeHash, phone, req.phoneCode)
      if (tried.verdict !== 'ok') return tried.verdict
      await setCodeState(tx, tried.row.id, CODE_STATE.spent)
      const pending = await pendingDeletion(tx, tx.userId)
      if (pending) {
        await cancelDeletion(tx, tx.userId)
        if (pending.key !== tx.session?.auth.id) await endKeys(tx, [pending.key])
      }
      return 'ok'
    })
    if (verdict === 'expired') throw new RpcError('CODE_HASH_INVALID')
    if (verdict === 'invalid') throw new RpcError('PHONE_CODE_INVALID')
    return true
  },
  { flood: 'code' },
)
