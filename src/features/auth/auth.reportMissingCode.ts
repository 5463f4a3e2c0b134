import { liveCode } from '../../domain/codes.ts'
import { phoneNumber } from '../../domain/phones.ts'
import { method } from '../../rpc/method.ts'

/** The report is for the operator, whose text messages did not arrive: it goes to the log. */
export default method(
  'auth.reportMissingCode',
  async (ctx, req) => {
    const phone = phoneNumber(ctx, req.phoneNumber)
    const row = await liveCode(ctx, 'login', req.phoneCodeHash, phone)
    if (!row) return false
    ctx.app.log.warn({ phone, way: row.way, mnc: req.mnc.slice(0, 8) }, 'a login code did not arrive')
    return true
  },
  { anonymous: true, flood: 'code' },
)
