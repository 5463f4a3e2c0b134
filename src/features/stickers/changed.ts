import { setRow } from '../../domain/stickers/rows.ts'
import { viewWholeSet } from '../../domain/stickers/view.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** A set after a change, as whoever changed it gets it. */
export async function viewChanged(ctx: Ctx, id: number): Promise<tl.messages_stickerSet> {
  const row = await setRow(ctx, id)
  if (!row) throw new RpcError('STICKERSET_INVALID')
  return viewWholeSet(ctx, row)
}
