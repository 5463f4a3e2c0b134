import accountChangePhone from './account.changePhone.ts'
import accountConfirmPhone from './account.confirmPhone.ts'
import accountDeleteAccount from './account.deleteAccount.ts'
import accountGetAccountTTL from './account.getAccountTTL.ts'
import accountResetAuthorization from './account.resetAuthorization.ts'
import accountSendChangePhoneCode from './account.sendChangePhoneCode.ts'
import accountSendConfirmPhoneCode from './account.sendConfirmPhoneCode.ts'
import accountSetAccountTTL from './account.setAccountTTL.ts'
import messagesReportMessagesDelivery from './messages.reportMessagesDelivery.ts'

export { jobs } from './jobs.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountChangePhone,
  accountConfirmPhone,
  accountDeleteAccount,
  accountGetAccountTTL,
  accountResetAuthorization,
  accountSendChangePhoneCode,
  accountSendConfirmPhoneCode,
  accountSetAccountTTL,
  messagesReportMessagesDelivery,
]
