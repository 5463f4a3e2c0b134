import accountCancelPasswordEmail from './account.cancelPasswordEmail.ts'
import accountConfirmPasswordEmail from './account.confirmPasswordEmail.ts'
import accountDeclinePasswordReset from './account.declinePasswordReset.ts'
import accountGetPassword from './account.getPassword.ts'
import accountGetPasswordSettings from './account.getPasswordSettings.ts'
import accountResendPasswordEmail from './account.resendPasswordEmail.ts'
import accountUpdatePasswordSettings from './account.updatePasswordSettings.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountCancelPasswordEmail,
  accountConfirmPasswordEmail,
  accountDeclinePasswordReset,
  accountGetPassword,
  accountGetPasswordSettings,
  accountResendPasswordEmail,
  accountUpdatePasswordSettings,
]
