import type { Ctx, Tx } from '../../rpc/context.ts'
import { query } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { listHash } from '../list-hash.ts'
import { kindFlags, SET_KIND, type SetRow } from './rows.ts'
import { viewCovered } from './view.ts'

const featured = query<{ owner: number; kind: number; old: number }>()((db, p) =>
  db
    .selectFrom('featured_set as f')
    .innerJoin('sticker_set as s', 's.id', 'f.set_id')
    .leftJoin('featured_read as r', (join) => join.on('r.owner', '=', p.owner).onRef('r.set_id', '=', 'f.set_id'))
    .selectAll('s')
    .select('r.owner as reader')
    .where('f.kind', '=', p.kind)
    .where('f.old', '=', p.old)
    .orderBy('f.position', 'desc'),
)

/** Sets that the operator shows to everybody, or did once. https://core.telegram.org/api/stickers#featured-stickersets */
export function featuredSets(ctx: Ctx, kind: number, old = false) {
  return ctx.run(featured, { owner: ctx.userId, kind, old: old ? 1 : 0 })
}

type Featured = Awaited<ReturnType<typeof featuredSets>>

/** The hash by which a client says which featured sets it has, and which of them unread. */
function featuredHash(rows: Featured): bigint {
  return listHash(rows.flatMap((row) => (row.reader === null ? [row.id, 1] : [row.id])))
}

/** The list as clients get it. @param count of all there are, where the list is a part */
export async function viewFeatured(
  ctx: Ctx,
  rows: Featured,
  hash: bigint,
  count = rows.length,
): Promise<tl.messages_FeaturedStickers> {
  const own = featuredHash(rows)
  if (hash !== 0n && hash === own) return { _: 'messages.featuredStickersNotModified', count }
  return {
    _: 'messages.featuredStickers',
    hash: own,
    count,
    sets: await viewCovered(ctx, rows as SetRow[], 'several'),
    unread: rows.filter((row) => row.reader === null).map((row) => BigInt(row.id)),
  }
}

/** Notes that the caller has looked at featured sets of a kind, all of them where none is named. */
export async function readFeatured(tx: Tx, kind: number, ids: readonly number[]): Promise<void> {
  const unread = (await featuredSets(tx, kind)).filter((row) => row.reader === null)
  const seen = ids.length === 0 ? unread : unread.filter((row) => ids.includes(row.id))
  if (seen.length === 0) return
  await tx.trx
    .insertInto('featured_read')
    .values(seen.map((row) => ({ owner: tx.userId, set_id: row.id })))
    .onConflict((c) => c.columns(['owner', 'set_id']).doNothing())
    .execute()
  const { emojis } = kindFlags(kind)
  const update = { _: emojis ? 'updateReadFeaturedEmojiStickers' : 'updateReadFeaturedStickers' } as const
  await tx.publish(tx.userId, { kind: 'update', update })
}

/** Kinds that are featured: masks are not. */
export const FEATURED_KINDS = [SET_KIND.stickers, SET_KIND.emojis] as const
