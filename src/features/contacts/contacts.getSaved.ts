import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/**
 * The whole address book, for those who take their data out.
 * @TODO answers the rows of saved_contact inside a takeout session: ends with the takeout folder, until which
 * invokeWithTakeout is refused and nobody can be in one. https://core.telegram.org/api/takeout
 */
export default method(
  'contacts.getSaved',
  async () => {
    throw new RpcError('TAKEOUT_REQUIRED')
  },
  { flood: 'read' },
)
