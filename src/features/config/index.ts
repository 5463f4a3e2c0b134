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
]
