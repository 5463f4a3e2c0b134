import { complete } from '../../domain/complete.ts'
import { method } from '../../rpc/method.ts'
import { importContacts } from './import.ts'

export default method(
  'contacts.importContacts',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const done = await importContacts(tx, req.contacts)
      return complete(tx, { _: 'contacts.importedContacts', ...done, users: [] })
    }),
  { flood: 'import' },
)
