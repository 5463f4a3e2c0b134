import { namedDocument } from '../../domain/files.ts'
import { forgetDocument, type KeptList, keepDocument } from '../../domain/stickers/kept.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

/** Puts a sticker onto a list or takes it off; STICKER_ID_INVALID for what is none. */
export async function keepSticker(ctx: Ctx, list: KeptList, input: tl.InputDocument, keep: boolean): Promise<true> {
  const row = await namedDocument(ctx, input, 'STICKER_ID_INVALID')
  const { attributes } = readObject(row.tl) as tl.document
  if (!attributes.some((a) => a._ === 'documentAttributeSticker')) throw new RpcError('STICKER_ID_INVALID')
  await ctx.transact(async (tx) => {
    if (keep) await keepDocument(tx, list, row.id)
    else await forgetDocument(tx, list, row.id)
  })
  return true
}
