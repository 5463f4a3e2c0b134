import { access } from '../../domain/access.ts'
import { nextStep } from '../../domain/report-options.ts'
import { fileReport, reportedMessages } from '../../domain/reports.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'messages.report',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      const messages = await reportedMessages(tx, peer, req.id)
      const step = nextStep(req.option, req.message)
      if (!('reason' in step)) return step
      await fileReport(tx, { kind: 'messages', peer: peer.peer, messages, reason: step.reason, comment: req.message })
      return { _: 'reportResultReported' }
    }),
  { flood: 'write' },
)
