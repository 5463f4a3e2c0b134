import { viewDocument } from '../../domain/files.ts'
import { listHash } from '../../domain/list-hash.ts'
import { type KeptList, keptDocuments } from '../../domain/stickers/kept.ts'
import type { SetRow } from '../../domain/stickers/rows.ts'
import { packsOf, viewCovered } from '../../domain/stickers/view.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Sets in one page of a list. */
const PAGE = 100

/** A list of stickers with their emoji and dates; undefined where the client has it as it is. */
export async function viewKept(ctx: Ctx, list: KeptList, hash: bigint) {
  const rows = await keptDocuments(ctx, list)
  const own = listHash(rows.map((row) => row.id))
  if (hash !== 0n && hash === own) return undefined
  const ofSets = rows.flatMap(({ id, emoji }) => (emoji === null ? [] : [{ id, emoji }]))
  return {
    hash: own,
    packs: packsOf(ofSets),
    stickers: rows.map((row) => viewDocument(ctx, row)),
    dates: rows.map((row) => row.kept),
  }
}

/** A page of sets, beginning after the one that the client names; LIMIT_INVALID. */
export async function viewPage(
  ctx: Ctx,
  rows: readonly SetRow[],
  { offsetId, limit }: { offsetId: bigint; limit: number },
): Promise<{ count: number; sets: tl.StickerSetCovered[] }> {
  if (limit < 0) throw new RpcError('LIMIT_INVALID')
  const from = offsetId === 0n ? 0 : rows.findIndex((row) => BigInt(row.id) === offsetId) + 1
  const page = offsetId !== 0n && from === 0 ? [] : rows.slice(from, from + Math.min(limit || PAGE, PAGE))
  return { count: rows.length, sets: await viewCovered(ctx, page) }
}
