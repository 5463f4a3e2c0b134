import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type { Tables } from '../storage/index.ts'
import { hasPremium } from './premium.ts'

export type AdRow = Selectable<Tables['ad']>

/** The same ad is counted for an account once in so many seconds, for which clients keep it. */
const COUNTED_AGAIN = 300
const MAC = 12

/** Whether ads are shown to the caller: not to bots, nor with Premium unless one has asked for them. */
export async function seesAds(ctx: Ctx): Promise<boolean> {
  if (ctx.session?.auth.bot) return false
  const choice = await ctx.db.selectFrom('ad_choice').select('shown').where('owner', '=', ctx.userId).executeTakeFirst()
  if (choice) return choice.shown === 1 || !(await hasPremium(ctx, ctx.userId))
  return !(await hasPremium(ctx, ctx.userId))
}

/** Notes whether an account with Premium wants ads, which its devices see in what they know of themselves. */
export async function chooseAds(tx: Tx, shown: boolean): Promise<void> {
  const row = { shown: shown ? 1 : 0 }
  await tx.trx
    .insertInto('ad_choice')
    .values({ owner: tx.userId, ...row })
    .onConflict((c) => c.column('owner').doUpdateSet(row))
    .execute()
  await tx.publish(tx.userId, { kind: 'update', update: { _: 'updateUser', userId: tx.userId } })
}

/**
 * Ads for any of these places, those shown least first: what has a budget left and the caller has not reported.
 * https://core.telegram.org/api/sponsored-messages
 */
export async function adsFor(ctx: Ctx, targets: readonly string[], limit: number, video = false): Promise<AdRow[]> {
  return ctx.db
    .selectFrom('ad')
    .selectAll('ad')
    .where('ad.id', 'in', (eb) =>
      eb
        .selectFrom('ad_target')
        .select('ad_id')
        .where('target', 'in', [...targets]),
    )
    .where('ad.video', '=', video ? 1 : 0)
    .where((eb) => eb.or([eb('ad.max_views', 'is', null), eb('ad.views', '<', eb.ref('ad.max_views'))]))
    .where((eb) => eb.or([eb('ad.max_clicks', 'is', null), eb('ad.clicks', '<', eb.ref('ad.max_clicks'))]))
    .where('ad.id', 'not in', (eb) =>
      eb.selectFrom('ad_seen').select('ad_id').where('owner', '=', ctx.userId).where('reported', '=', 1),
    )
    .orderBy('ad.views')
    .orderBy('ad.id')
    .limit(limit)
    .execute()
}

/** Words that ads are looked for by: what a search begins with. */
export function adWords(search: string): string[] {
  const words = search.split(/\s+/).filter((word) => word.length > 1)
  return words.slice(0, 8).map((word) => `search:${word}`)
}

function macOf(ctx: Ctx, id: Uint8Array): Buffer {
  return createHmac('sha256', ctx.app.secrets.token).update(`ad:${ctx.userId}:`).update(id).digest().subarray(0, MAC)
}

/** What a client names an ad by: good for the account it was shown to alone. */
export function adRandomId(ctx: Ctx, ad: Pick<AdRow, 'id'>): Uint8Array {
  const id = Buffer.alloc(4)
  id.writeUInt32BE(ad.id)
  return Buffer.concat([id, macOf(ctx, id)])
}

/** The ad that a client names; AD_EXPIRED for none of the caller's, or one that the operator has taken away. */
export async function namedAd(ctx: Ctx, randomId: Uint8Array): Promise<AdRow> {
  const given = Buffer.from(randomId)
  const [id, mac] = [given.subarray(0, 4), given.subarray(4)]
  if (given.length !== 4 + MAC || !timingSafeEqual(mac, macOf(ctx, id))) throw new RpcError('AD_EXPIRED')
  const row = await ctx.db.selectFrom('ad').selectAll().where('id', '=', id.readUInt32BE()).executeTakeFirst()
  if (!row) throw new RpcError('AD_EXPIRED')
  return row
}

/** By which part of an ad it was followed, where that is not its text or button. */
export type Followed = 'media_clicks' | 'fullscreen_clicks'

/** Counts that the caller saw an ad, or followed it: once in a while, however often a client says so. */
export async function countAd(tx: Tx, ad: AdRow, what: 'views' | 'clicks', by?: Followed): Promise<void> {
  const column = what === 'views' ? 'viewed_at' : 'clicked_at'
  const counted = await tx.trx
    .insertInto('ad_seen')
    .values({ owner: tx.userId, ad_id: ad.id, [column]: tx.now })
    .onConflict((c) =>
      c
        .columns(['owner', 'ad_id'])
        .doUpdateSet({ [column]: tx.now })
        .where(`ad_seen.${column}`, '<=', tx.now - COUNTED_AGAIN),
    )
    .returning('ad_id')
    .executeTakeFirst()
  if (!counted) return
  await tx.trx
    .updateTable('ad')
    .set((eb) => ({ [what]: eb(what, '+', 1), ...(by && { [by]: eb(by, '+', 1) }) }))
    .where('id', '=', ad.id)
    .execute()
}

/** Hides an ad from the caller, who has reported it. */
export async function hideAd(tx: Tx, ad: AdRow): Promise<void> {
  const fresh = await tx.trx
    .insertInto('ad_seen')
    .values({ owner: tx.userId, ad_id: ad.id, reported: 1 })
    .onConflict((c) => c.columns(['owner', 'ad_id']).doUpdateSet({ reported: 1 }).where('ad_seen.reported', '=', 0))
    .returning('ad_id')
    .executeTakeFirst()
  if (!fresh) return
  await tx.trx
    .updateTable('ad')
    .set((eb) => ({ reports: eb('reports', '+', 1) }))
    .where('id', '=', ad.id)
    .execute()
}
