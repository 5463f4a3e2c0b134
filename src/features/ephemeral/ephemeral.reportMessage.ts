import { ephemeralMessage } from '../../domain/ephemeral.ts'
import { nextStep } from '../../domain/report-options.ts'
import { fileReport } from '../../domain/reports.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { group } from './places.ts'

/** The operator gets to know what was said, since nobody else has seen it. */
export default method(
  'ephemeral.reportMessage',
  async (ctx, req) => {
    const peer = await group(ctx, req.peer)
    const row = await ephemeralMessage(ctx, peer.peer, req.id)
    if (row.receiver !== ctx.userId) throw new RpcError('MESSAGE_ID_INVALID')
    const step = nextStep(req.option, req.message)
    if (!('reason' in step)) return step
    const comment = [req.message, row.text].filter((text) => text !== '').join(' | ')
    await ctx.transact((tx) =>
      fileReport(tx, { kind: 'ephemeral', peer: row.from_id, reason: step.reason, id: row.id, comment }),
    )
    return { _: 'reportResultReported' }
  },
  { flood: 'write' },
)
