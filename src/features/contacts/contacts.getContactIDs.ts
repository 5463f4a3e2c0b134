import { method } from '../../rpc/method.ts'
import { contactIds, unresolvedPhones } from './view.ts'

/** Contacts' ids, and a 0 for every number of the address book behind which there is no contact. */
export default method(
  'contacts.getContactIDs',
  async (ctx) => {
    const ids = await contactIds(ctx)
    const { count } = await unresolvedPhones(ctx)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return [...ids, ...new Array<number>(count).fill(0)]
  },
  { flood: 'read' },
)
