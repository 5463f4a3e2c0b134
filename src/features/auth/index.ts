import authCancelCode from './auth.cancelCode.ts'
import authCheckPassword from './auth.checkPassword.ts'
import authReportMissingCode from './auth.reportMissingCode.ts'
import authRequestFirebaseSms from './auth.requestFirebaseSms.ts'
import authResendCode from './auth.resendCode.ts'
import authSendCode from './auth.sendCode.ts'
import authSignIn from './auth.signIn.ts'
import authSignUp from './auth.signUp.ts'
import helpAcceptTermsOfService from './help.acceptTermsOfService.ts'
import helpGetTermsOfServiceUpdate from './help.getTermsOfServiceUpdate.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  authCancelCode,
  authCheckPassword,
  authReportMissingCode,
  authRequestFirebaseSms,
  authResendCode,
  authSendCode,
  authSignIn,
  authSignUp,
  helpAcceptTermsOfService,
  helpGetTermsOfServiceUpdate,
]
