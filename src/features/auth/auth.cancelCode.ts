import { CODE_STATE, setCodeState } from '../../domain/codes.ts'
import { method } from '../../rpc/method.ts'
import { namedCode } from './codes.ts'

export default method(
  'auth.cancelCode',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const row = await namedCode(tx, req.phoneNumber, req.phoneCodeHash)
      await setCodeState(tx, row.id, CODE_STATE.spent)
      return true
    }),
  { anonymous: true, flood: 'code' },
)
