import { permissions } from '../../domain/privacy.ts'
import { userRows } from '../../domain/user-rows.ts'
import { contactRows, statusView } from '../../domain/users.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { contactIds } from './view.ts'

export default method(
  'contacts.getStatuses',
  async (ctx) => {
    const ids = await contactIds(ctx)
    const rows = await userRows(ctx, ids)
    const status = statusView(ctx, await permissions(ctx, ids), await contactRows(ctx, ctx.userId, ids))
    const statuses: tl.ContactStatus[] = []
    for (const row of rows.values()) {
      if (row.bot === 1 || row.deleted === 1) continue
      statuses.push({ _: 'contactStatus', userId: row.id, status: (await status(row)) ?? { _: 'userStatusEmpty' } })
    }
    return statuses
  },
  { flood: 'read' },
)
