import { GIVE_UP } from '../../domain/web/pages.ts'
import { giveUp } from '../../domain/web/previews.ts'
import type { JobRunner } from '../../rpc/jobs.ts'
import accountDeleteWebBrowserSettingsExceptions from './account.deleteWebBrowserSettingsExceptions.ts'
import accountGetWebBrowserSettings from './account.getWebBrowserSettings.ts'
import accountToggleWebBrowserSettingsException from './account.toggleWebBrowserSettingsException.ts'
import accountUpdateWebBrowserSettings from './account.updateWebBrowserSettings.ts'
import messagesGetWebPage from './messages.getWebPage.ts'
import messagesGetWebPagePreview from './messages.getWebPagePreview.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  accountDeleteWebBrowserSettingsExceptions,
  accountGetWebBrowserSettings,
  accountToggleWebBrowserSettingsException,
  accountUpdateWebBrowserSettings,
  messagesGetWebPage,
  messagesGetWebPagePreview,
]

export const jobs: Record<string, JobRunner> = { [GIVE_UP]: giveUp }
