import { ANTISPAM_JOB, deleteSpam } from '../../domain/antispam.ts'
import type { JobRunner } from '../../rpc/jobs.ts'
import accountReportPeer from './account.reportPeer.ts'
import accountReportProfilePhoto from './account.reportProfilePhoto.ts'
import channelsReportAntiSpamFalsePositive from './channels.reportAntiSpamFalsePositive.ts'
import channelsReportSpam from './channels.reportSpam.ts'
import channelsToggleAntiSpam from './channels.toggleAntiSpam.ts'
import messagesReport from './messages.report.ts'
import messagesReportEncryptedSpam from './messages.reportEncryptedSpam.ts'
import messagesReportSpam from './messages.reportSpam.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountReportPeer,
  accountReportProfilePhoto,
  channelsReportAntiSpamFalsePositive,
  channelsReportSpam,
  channelsToggleAntiSpam,
  messagesReport,
  messagesReportEncryptedSpam,
  messagesReportSpam,
]

export const jobs: Record<string, JobRunner> = { [ANTISPAM_JOB]: deleteSpam }
