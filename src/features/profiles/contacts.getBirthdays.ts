import { complete } from '../../domain/complete.ts'
import { permissions } from '../../domain/privacy.ts'
import { birthday } from '../../domain/user-full.ts'
import type { UserRow } from '../../domain/user-rows.ts'
import { method } from '../../rpc/method.ts'
import { query } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const known = query<{ owner: number; days: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('contact as c')
    .innerJoin('user as u', 'u.id', 'c.user_id')
    .selectAll('u')
    .where('c.owner', '=', p.owner)
    .where('u.deleted', '=', 0)
    .where(
      (eb) => eb(eb('u.birth_month', '*', 100), '+', eb.ref('u.birth_day')) as never,
      'in',
      d.each(p.days) as never,
    )
    .orderBy('u.id'),
)

const DAY = 86_400_000

/** Contacts whose birthday is yesterday, today or tomorrow: it is another day elsewhere. */
export default method(
  'contacts.getBirthdays',
  async (ctx) => {
    const days = [-1, 0, 1].map((shift) => {
      const date = new Date(ctx.now * 1000 + shift * DAY)
      return (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
    })
    const rows: UserRow[] = await ctx.run(known, { owner: ctx.userId, days })
    const what = await permissions(
      ctx,
      rows.map((row) => row.id),
    )
    const contacts: tl.ContactBirthday[] = []
    for (const row of rows) {
      if (!(await what.allows(row.id, 'birthday'))) continue
      contacts.push({ _: 'contactBirthday', contactId: row.id, birthday: birthday(row)! })
    }
    return complete(ctx, { _: 'contacts.contactBirthdays', contacts, users: [] })
  },
  { flood: 'read' },
)
