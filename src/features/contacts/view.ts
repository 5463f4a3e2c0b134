import type { Ctx } from '../../rpc/context.ts'

/** Most entries in one page of a list, and how many come when none are asked for. */
const PAGE = 100

/** The part of a list a client asks for, within bounds. https://core.telegram.org/api/offsets */
export function page(req: { offset: number; limit: number }): { offset: number; limit: number } {
  return { offset: Math.max(0, req.offset), limit: req.limit > 0 ? Math.min(req.limit, PAGE) : PAGE }
}

/** The caller's contacts, in the order in which clients compute the hash of the list. */
export async function contactIds(ctx: Ctx): Promise<number[]> {
  const rows = await ctx.db
    .selectFrom('contact')
    .select('user_id')
    .where('owner', '=', ctx.userId)
    .orderBy('user_id')
    .limit(ctx.app.config.limits.contacts)
    .execute()
  return rows.map((row) => row.user_id)
}

/** Numbers in the caller's address book. */
export async function savedCount(ctx: Ctx): Promise<number> {
  const row = await ctx.db
    .selectFrom('saved_contact')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', '=', ctx.userId)
    .executeTakeFirstOrThrow()
  return row.count
}

/** Numbers in the caller's address book that lead to none of their contacts. */
export function unresolvedPhones(ctx: Ctx) {
  return ctx.db
    .selectFrom('saved_contact as s')
    .where('s.owner', '=', ctx.userId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('contact as c')
            .select('c.owner')
            .whereRef('c.owner', '=', 's.owner')
            .whereRef('c.phone', '=', 's.phone'),
        ),
      ),
    )
}
