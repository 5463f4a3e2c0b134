import { complete } from '../../domain/complete.ts'
import { phoneDigits } from '../../domain/contacts.ts'
import { toPeer } from '../../domain/peers.ts'
import { allowedBy } from '../../domain/privacy.ts'
import { userByPhone } from '../../domain/user-rows.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** The account behind a number, unless it does not let itself be found by it: then as if there were none. */
export default method(
  'contacts.resolvePhone',
  async (ctx, req) => {
    const phone = phoneDigits(req.phone)
    const row = phone ? await userByPhone(ctx, phone) : undefined
    if (!row || row.deleted === 1 || !(await allowedBy(ctx, row.id, 'addedByPhone'))) {
      throw new RpcError('PHONE_NOT_OCCUPIED')
    }
    return complete(ctx, { _: 'contacts.resolvedPeer', peer: toPeer(row.id), chats: [], users: [] })
  },
  { flood: 'search' },
)
