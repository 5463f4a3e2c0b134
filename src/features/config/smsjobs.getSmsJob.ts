import { viewSmsJob } from '../../domain/sms-jobs.ts'
import { method } from '../../rpc/method.ts'

export default method('smsjobs.getSmsJob', (ctx, req) => viewSmsJob(ctx, req.jobId), { flood: 'read' })
