import { languageStrings } from '../../domain/languages.ts'
import { method } from '../../rpc/method.ts'
import { languageOf, packOf } from './pack.ts'

export default method(
  'langpack.getDifference',
  async (ctx, req) => {
    const pack = packOf(ctx, req.langPack)
    const { code, version } = await languageOf(ctx, pack, req.langCode)
    const fromVersion = Math.max(0, Math.min(req.fromVersion, version))
    const strings = await languageStrings(ctx, pack, code, fromVersion)
    return { _: 'langPackDifference', langCode: code, fromVersion, version, strings }
  },
  { anonymous: true, flood: 'read' },
)
