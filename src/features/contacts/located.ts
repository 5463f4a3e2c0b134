import { distance, METRES_A_DEGREE, type Place } from '../../domain/distance.ts'
import { permissions } from '../../domain/privacy.ts'
import { rulesFor } from '../../domain/privacy-rules.ts'
import { userRow } from '../../domain/user-rows.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Metres around a place that count as nearby. */
const RADIUS = 12_000
/** People looked through and shown for one place. */
const LOOKED_AT = 2000
const SHOWN = 50
/** Distances are told in steps of so many metres, so that nobody can be found by them. */
const STEP = 100
const FOREVER = 0x7fffffff

/** Whether the caller may be shown to people nearby: with a photo that everybody can see. */
export async function publishable(ctx: Ctx): Promise<void> {
  const me = await userRow(ctx, ctx.userId)
  if (!me?.photo_id) throw new RpcError('USERPIC_UPLOAD_REQUIRED')
  const rules = await rulesFor(ctx, ctx.userId, 'profilePhoto')
  if (!rules.some((rule) => rule.rule === 'allowAll')) throw new RpcError('USERPIC_PRIVACY_REQUIRED')
}

/** Shows the caller at a place for so many seconds. @returns until when, unix seconds */
export async function show(tx: Tx, at: Place, seconds: number): Promise<number> {
  const forever = seconds === FOREVER || seconds < 0
  const row = { ...at, expires_at: forever ? FOREVER : Math.min(FOREVER, tx.now + seconds) }
  await tx.trx
    .insertInto('located')
    .values({ owner: tx.userId, ...row })
    .onConflict((c) => c.column('owner').doUpdateSet(row))
    .execute()
  return row.expires_at
}

export async function hide(tx: Tx): Promise<void> {
  await tx.trx.deleteFrom('located').where('owner', '=', tx.userId).execute()
}

/** People who show themselves nearby, the nearest first; those who blocked the caller are not among them. */
export async function nearby(ctx: Ctx, at: Place): Promise<tl.PeerLocated[]> {
  const high = RADIUS / METRES_A_DEGREE
  const rows = await ctx.db
    .selectFrom('located as l')
    .innerJoin('user as u', 'u.id', 'l.owner')
    .select(['l.owner', 'l.lat', 'l.long', 'l.expires_at'])
    .where('l.lat', '>=', at.lat - high)
    .where('l.lat', '<=', at.lat + high)
    .where('l.expires_at', '>', ctx.now)
    .where('l.owner', '<>', ctx.userId)
    .where('u.deleted', '=', 0)
    .limit(LOOKED_AT)
    .execute()
  const what = await permissions(
    ctx,
    rows.map((row) => row.owner),
  )
  return rows
    .filter((row) => !what.blocks(row.owner))
    .map((row) => ({ row, metres: distance(at, row) }))
    .filter(({ metres }) => metres <= RADIUS)
    .sort((a, b) => a.metres - b.metres)
    .slice(0, SHOWN)
    .map(({ row, metres }) => ({
      _: 'peerLocated',
      peer: { _: 'peerUser', userId: row.owner },
      expires: row.expires_at,
      distance: Math.max(STEP, Math.ceil(metres / STEP) * STEP),
    }))
}
