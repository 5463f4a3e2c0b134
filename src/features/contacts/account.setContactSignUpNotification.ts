import { setContactSetting } from '../../domain/contact-settings.ts'
import { method } from '../../rpc/method.ts'

export default method(
  'account.setContactSignUpNotification',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      await setContactSetting(tx, 'silent_sign_up', req.silent)
      return true
    }),
  { flood: 'write' },
)
