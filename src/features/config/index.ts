import { smsJobs } from '../../domain/sms-jobs.ts'
import helpDismissSuggestion from './help.dismissSuggestion.ts'
import helpEditUserInfo from './help.editUserInfo.ts'
import helpGetAppConfig from './help.getAppConfig.ts'
import helpGetAppUpdate from './help.getAppUpdate.ts'
import helpGetConfig from './help.getConfig.ts'
import helpGetCountriesList from './help.getCountriesList.ts'
import helpGetInviteText from './help.getInviteText.ts'
import helpGetNearestDc from './help.getNearestDc.ts'
import helpGetPromoData from './help.getPromoData.ts'
import helpGetSupport from './help.getSupport.ts'
import helpGetSupportName from './help.getSupportName.ts'
import helpGetTimezonesList from './help.getTimezonesList.ts'
import helpGetUserInfo from './help.getUserInfo.ts'
import helpHidePromoData from './help.hidePromoData.ts'
import helpSaveAppLog from './help.saveAppLog.ts'
import smsjobsFinishJob from './smsjobs.finishJob.ts'
import smsjobsGetSmsJob from './smsjobs.getSmsJob.ts'
import smsjobsGetStatus from './smsjobs.getStatus.ts'
import smsjobsIsEligibleToJoin from './smsjobs.isEligibleToJoin.ts'
import smsjobsJoin from './smsjobs.join.ts'
import smsjobsLeave from './smsjobs.leave.ts'
import smsjobsUpdateSettings from './smsjobs.updateSettings.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  helpDismissSuggestion,
  helpEditUserInfo,
  helpGetAppConfig,
  helpGetAppUpdate,
  helpGetConfig,
  helpGetCountriesList,
  helpGetInviteText,
  helpGetNearestDc,
  helpGetPromoData,
  helpGetSupport,
  helpGetSupportName,
  helpGetTimezonesList,
  helpGetUserInfo,
  helpHidePromoData,
  helpSaveAppLog,
  smsjobsFinishJob,
  smsjobsGetSmsJob,
  smsjobsGetStatus,
  smsjobsIsEligibleToJoin,
  smsjobsJoin,
  smsjobsLeave,
  smsjobsUpdateSettings,
]

/** What is due at a time: text messages that a phone was to send. */
export const jobs = smsJobs
