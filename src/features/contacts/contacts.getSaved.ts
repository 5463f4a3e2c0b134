import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** The whole address book, for those who take their data out. https://core.telegram.org/api/takeout */
export default method(
  'contacts.getSaved',
  async (ctx) => {
    if (ctx.takeout?.contacts !== 1) throw new RpcError('TAKEOUT_REQUIRED')
    const rows = await ctx.db
      .selectFrom('saved_contact')
      .selectAll()
      .where('owner', '=', ctx.userId)
      .orderBy('phone')
      .execute()
    return rows.map((row) => ({
      _: 'savedPhoneContact' as const,
      phone: row.phone,
      firstName: row.first_name,
      lastName: row.last_name,
      date: row.date,
    }))
  },
  { flood: 'read' },
)
