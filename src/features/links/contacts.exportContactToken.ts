import { method } from '../../rpc/method.ts'
import { contactToken } from './contact-tokens.ts'

export default method(
  'contacts.exportContactToken',
  async (ctx) => {
    const expires = ctx.now + ctx.app.config.limits.contactTokenSeconds
    const token = contactToken(ctx, ctx.userId, expires)
    return { _: 'exportedContactToken', url: `https://t.me/contact/${token}`, expires }
  },
  { flood: 'write' },
)
