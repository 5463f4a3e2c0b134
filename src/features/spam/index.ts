import accountReportPeer from './account.reportPeer.ts'
import accountReportProfilePhoto from './account.reportProfilePhoto.ts'
import channelsReportSpam from './channels.reportSpam.ts'
import messagesReport from './messages.report.ts'
import messagesReportEncryptedSpam from './messages.reportEncryptedSpam.ts'
import messagesReportSpam from './messages.reportSpam.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountReportPeer,
  accountReportProfilePhoto,
  channelsReportSpam,
  messagesReport,
  messagesReportEncryptedSpam,
  messagesReportSpam,
]
