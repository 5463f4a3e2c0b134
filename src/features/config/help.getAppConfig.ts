import { checksFactsFor } from '../../domain/fact-checks.ts'
import { method } from '../../rpc/method.ts'
import { appConfig } from './app-config.ts'
import { jsonHash, toJsonValue } from './json.ts'

export default method(
  'help.getAppConfig',
  async (ctx, req) => {
    const checks = ctx.viewer !== 0 && (await checksFactsFor(ctx, ctx.viewer)) !== undefined
    const settings = { ...appConfig(ctx), can_edit_factcheck: checks }
    const hash = jsonHash(settings)
    if (req.hash === hash) return { _: 'help.appConfigNotModified' }
    return { _: 'help.appConfig', hash, config: toJsonValue(settings) }
  },
  { anonymous: true, flood: 'read' },
)
