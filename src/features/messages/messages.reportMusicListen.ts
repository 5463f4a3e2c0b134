import { namedDocument } from '../../domain/files.ts'
import { countListening } from '../../domain/usage.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

/** A client says how long a piece of music was listened to: counters for the operator. */
export default method(
  'messages.reportMusicListen',
  async (ctx, req) => {
    const row = await namedDocument(ctx, req.id, 'DOCUMENT_INVALID')
    const { attributes } = readObject(row.tl) as tl.document
    if (!attributes.some((a) => a._ === 'documentAttributeAudio' && !a.voice)) throw new RpcError('DOCUMENT_INVALID')
    if (req.listenedDuration > 0) await ctx.transact((tx) => countListening(tx, row.id, req.listenedDuration))
    return true
  },
  { flood: 'write' },
)
