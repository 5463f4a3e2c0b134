import accountChangeAuthorizationSettings from './account.changeAuthorizationSettings.ts'
import accountInvalidateSignInCodes from './account.invalidateSignInCodes.ts'
import accountResetPassword from './account.resetPassword.ts'
import accountSendVerifyEmailCode from './account.sendVerifyEmailCode.ts'
import accountSetAuthorizationTTL from './account.setAuthorizationTTL.ts'
import accountVerifyEmail from './account.verifyEmail.ts'
import authAcceptLoginToken from './auth.acceptLoginToken.ts'
import authBindTempAuthKey from './auth.bindTempAuthKey.ts'
import authCancelCode from './auth.cancelCode.ts'
import authCheckPassword from './auth.checkPassword.ts'
import authCheckRecoveryPassword from './auth.checkRecoveryPassword.ts'
import authDropTempAuthKeys from './auth.dropTempAuthKeys.ts'
import authExportAuthorization from './auth.exportAuthorization.ts'
import authExportLoginToken from './auth.exportLoginToken.ts'
import authImportAuthorization from './auth.importAuthorization.ts'
import authImportBotAuthorization from './auth.importBotAuthorization.ts'
import authImportLoginToken from './auth.importLoginToken.ts'
import authImportWebTokenAuthorization from './auth.importWebTokenAuthorization.ts'
import authLogOut from './auth.logOut.ts'
import authRecoverPassword from './auth.recoverPassword.ts'
import authReportMissingCode from './auth.reportMissingCode.ts'
import authRequestFirebaseSms from './auth.requestFirebaseSms.ts'
import authRequestPasswordRecovery from './auth.requestPasswordRecovery.ts'
import authResendCode from './auth.resendCode.ts'
import authResetAuthorizations from './auth.resetAuthorizations.ts'
import authResetLoginEmail from './auth.resetLoginEmail.ts'
import authSendCode from './auth.sendCode.ts'
import authSignIn from './auth.signIn.ts'
import authSignUp from './auth.signUp.ts'
import helpAcceptTermsOfService from './help.acceptTermsOfService.ts'
import helpGetTermsOfServiceUpdate from './help.getTermsOfServiceUpdate.ts'

export { jobs } from './jobs.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountChangeAuthorizationSettings,
  accountInvalidateSignInCodes,
  accountResetPassword,
  accountSendVerifyEmailCode,
  accountSetAuthorizationTTL,
  accountVerifyEmail,
  authAcceptLoginToken,
  authBindTempAuthKey,
  authCancelCode,
  authCheckPassword,
  authCheckRecoveryPassword,
  authDropTempAuthKeys,
  authExportAuthorization,
  authExportLoginToken,
  authImportAuthorization,
  authImportBotAuthorization,
  authImportLoginToken,
  authImportWebTokenAuthorization,
  authLogOut,
  authRecoverPassword,
  authReportMissingCode,
  authRequestFirebaseSms,
  authRequestPasswordRecovery,
  authResendCode,
  authResetAuthorizations,
  authResetLoginEmail,
  authSendCode,
  authSignIn,
  authSignUp,
  helpAcceptTermsOfService,
  helpGetTermsOfServiceUpdate,
]
