import { contactSettings } from '../../domain/contact-settings.ts'
import { method } from '../../rpc/method.ts'

/** True when they come without a sound: the answer is the `silent` that was set. */
export default method(
  'account.getContactSignUpNotification',
  async (ctx) => (await contactSettings(ctx, ctx.userId)).silentSignUp,
  { flood: 'read' },
)
