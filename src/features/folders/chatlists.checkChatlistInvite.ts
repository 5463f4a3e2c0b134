import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** @TODO no link to a folder can have been made yet: ends with chatlists.exportChatlistInvite. */
export default method(
  'chatlists.checkChatlistInvite',
  async (_ctx, req) => {
    throw new RpcError(req.slug === '' ? 'INVITE_SLUG_EMPTY' : 'INVITE_SLUG_EXPIRED')
  },
  { flood: 'read' },
)
