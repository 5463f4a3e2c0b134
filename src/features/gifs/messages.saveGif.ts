import { namedDocument } from '../../domain/files.ts'
import { forgetDocument, keepDocument } from '../../domain/stickers/kept.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

export default method(
  'messages.saveGif',
  async (ctx, req) => {
    const row = await namedDocument(ctx, req.id, 'GIF_ID_INVALID')
    const { attributes } = readObject(row.tl) as tl.document
    if (!attributes.some((a) => a._ === 'documentAttributeAnimated')) throw new RpcError('GIF_ID_INVALID')
    await ctx.transact(async (tx) => {
      if (req.unsave) await forgetDocument(tx, 'gif', row.id)
      else await keepDocument(tx, 'gif', row.id)
    })
    return true
  },
  { flood: 'write' },
)
