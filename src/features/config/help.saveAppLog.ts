import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

const MAX_EVENTS = 100

// Application events go where an operator would look for them: into the log, by their type alone.
export default method(
  'help.saveAppLog',
  async (ctx, req) => {
    if (req.events.length > MAX_EVENTS) throw new RpcError('LIMIT_INVALID')
    for (const event of req.events)
      ctx.app.log.debug({ type: event.type.slice(0, 64), at: event.time }, 'application event')
    return true
  },
  { anonymous: true, flood: 'write' },
)
