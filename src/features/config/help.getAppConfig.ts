import { checksFactsFor, countryOf } from '../../domain/fact-checks.ts'
import { method } from '../../rpc/method.ts'
import { appConfig } from './app-config.ts'
import { jsonHash, toJsonValue } from './json.ts'

export default method(
  'help.getAppConfig',
  async (ctx, req) => {
    const checks = ctx.viewer !== 0 && (await checksFactsFor(ctx, ctx.viewer)) !== undefined
    const country = ctx.viewer === 0 ? '' : await countryOf(ctx, ctx.viewer)
    const settings = { ...appConfig(ctx), can_edit_factcheck: checks, phone_country_iso2: country }
    const hash = jsonHash(settings)
    if (req.hash === hash) return { _: 'help.appConfigNotModified' }
    return { _: 'help.appConfig', hash, config: toJsonValue(settings) }
  },
  { anonymous: true, flood: 'read' },
)
