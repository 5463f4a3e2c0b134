import { listHash } from '../../domain/list-hash.ts'
import { featuredSets } from '../../domain/stickers/featured.ts'
import { setsByWords } from '../../domain/stickers/find.ts'
import { setRows } from '../../domain/stickers/rows.ts'
import { viewCovered } from '../../domain/stickers/view.ts'
import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Sets in one answer. */
const MOST = 50

/** Sets of a kind by their names: those that are featured first, unless the client has looked there itself. */
export async function findSets(
  ctx: Ctx,
  kind: number,
  req: { q: string; hash: bigint; excludeFeatured?: boolean },
): Promise<tl.messages_FoundStickerSets> {
  const found = await setsByWords(ctx, kind, req.q)
  const featured = new Set((await featuredSets(ctx, kind)).map((row) => row.id))
  const first = req.excludeFeatured ? [] : found.filter((id) => featured.has(id))
  const ids = [...first, ...found.filter((id) => !featured.has(id))].slice(0, MOST)
  const hash = listHash(ids)
  if (req.hash !== 0n && req.hash === hash) return { _: 'messages.foundStickerSetsNotModified' }
  return { _: 'messages.foundStickerSets', hash, sets: await viewCovered(ctx, await setRows(ctx, ids), 'several') }
}
