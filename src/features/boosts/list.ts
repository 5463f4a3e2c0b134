import type { BoostRow } from '../../domain/boost-slots.ts'
import type { Ctx } from '../../rpc/context.ts'

const OFFSET = /^(\d{1,12})_([0-9a-f]{1,64})$/

const boosts = (ctx: Ctx, peer: number) =>
  ctx.db
    .selectFrom('boost as b')
    .leftJoin('premium as p', 'p.owner', 'b.owner')
    .selectAll('b')
    .select('p.until')
    .where('b.peer', '=', peer)
    .orderBy('b.date', 'desc')
    .orderBy('b.boost_id', 'desc')

/** A channel's boosts, the newest first, from where a page before ended: an offset of nobody's begins anew. */
export function boostsAt(
  ctx: Ctx,
  peer: number,
  offset: string,
  limit: number,
): Promise<(BoostRow & { until: number | null })[]> {
  const at = OFFSET.exec(offset)
  let page = boosts(ctx, peer).limit(limit)
  if (at) {
    const [date, id] = [Number(at[1]), at[2]!]
    page = page.where((eb) =>
      eb.or([eb('b.date', '<', date), eb.and([eb('b.date', '=', date), eb('b.boost_id', '<', id)])]),
    )
  }
  return page.execute()
}

/** What one account has given a channel. */
export function boostsFrom(ctx: Ctx, peer: number, owner: number): Promise<(BoostRow & { until: number | null })[]> {
  return boosts(ctx, peer).where('b.owner', '=', owner).execute()
}
