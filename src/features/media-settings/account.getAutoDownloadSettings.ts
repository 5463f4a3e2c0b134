import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { DOWNLOAD_DEFAULTS, type DownloadPreset } from './defaults.ts'

export default method(
  'account.getAutoDownloadSettings',
  async (ctx) => {
    const rows = await ctx.db
      .selectFrom('auto_download')
      .select(['preset', 'tl'])
      .where('owner', '=', ctx.userId)
      .execute()
    const own = new Map(rows.map((row) => [row.preset, readObject(row.tl) as tl.autoDownloadSettings]))
    const view = (preset: DownloadPreset) => own.get(preset) ?? DOWNLOAD_DEFAULTS[preset]
    return { _: 'account.autoDownloadSettings', low: view('low'), medium: view('medium'), high: view('high') }
  },
  { flood: 'read' },
)
