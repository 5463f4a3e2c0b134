import { access } from '../../domain/access.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/**
 * Only messages of Telegram's verification gateway ask for such a report (`report_delivery_until_date`). This server
 * has no gateway and never sets that date, so that a report is about messages that asked for none: it is taken, and
 * nobody waits for it. https://core.telegram.org/method/messages.reportMessagesDelivery
 */
export default method(
  'messages.reportMessagesDelivery',
  async (ctx, req) => {
    if (req.id.length > ctx.app.config.limits.messagesPerCall) throw new RpcError('INPUT_REQUEST_TOO_LONG')
    await access.peer(ctx, req.peer)
    return true
  },
  { flood: 'write' },
)
