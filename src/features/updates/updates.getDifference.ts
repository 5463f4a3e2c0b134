import { complete } from '../../domain/complete.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { difference } from '../../updates/difference.ts'

export default method('updates.getDifference', async (ctx, req) => {
  if (req.pts < 0 || req.qts < 0) throw new RpcError('PERSISTENT_TIMESTAMP_INVALID')
  if (req.date < 0) throw new RpcError('DATE_EMPTY')
  const { differenceRows, differenceTooLong } = ctx.app.config.limits
  // A limit below one says nothing, like none.
  const answer = await difference(ctx, req, {
    slice: Math.min(positive(req.ptsLimit) ?? differenceRows, differenceRows),
    qts: positive(req.qtsLimit),
    tooLong: positive(req.ptsTotalLimit) ?? differenceTooLong,
  })
  return 'users' in answer ? complete(ctx, answer) : answer
})

const positive = (limit: number | undefined) => (limit !== undefined && limit > 0 ? limit : undefined)
