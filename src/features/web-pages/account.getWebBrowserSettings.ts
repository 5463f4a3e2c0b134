import { method } from '../../rpc/method.ts'
import { browserSettings } from './browser.ts'

export default method(
  'account.getWebBrowserSettings',
  async (ctx, { hash }) => {
    const settings = await browserSettings(ctx)
    return hash !== 0n && hash === settings.hash ? { _: 'account.webBrowserSettingsNotModified' } : settings
  },
  { flood: 'read' },
)
