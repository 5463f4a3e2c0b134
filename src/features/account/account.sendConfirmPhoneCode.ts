import { sendPhoneCode } from '../../domain/phone-codes.ts'
import { userRow } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { namedDeletion } from './deletion.ts'

/** The first step of whoever objects to the deletion of their account. */
export default method(
  'account.sendConfirmPhoneCode',
  async (ctx, req) => {
    const phone = (await userRow(ctx, ctx.userId))?.phone
    if (!phone || !(await namedDeletion(ctx, ctx.userId, req.hash))) throw new RpcError('HASH_INVALID')
    return sendPhoneCode(ctx, 'confirm', phone, ctx.userId)
  },
  { flood: 'code' },
)
