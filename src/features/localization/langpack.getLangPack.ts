import { languageStrings } from '../../domain/languages.ts'
import { method } from '../../rpc/method.ts'
import { languageOf, packOf } from './pack.ts'

export default method(
  'langpack.getLangPack',
  async (ctx, req) => {
    const pack = packOf(ctx, req.langPack)
    const { code, version } = await languageOf(ctx, pack, req.langCode)
    const strings = await languageStrings(ctx, pack, code, 0)
    return { _: 'langPackDifference', langCode: code, fromVersion: 0, version, strings }
  },
  { anonymous: true, flood: 'read' },
)
