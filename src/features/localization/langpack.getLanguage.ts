import { viewLanguage } from '../../domain/languages.ts'
import { method } from '../../rpc/method.ts'
import { languageOf, packOf } from './pack.ts'

export default method(
  'langpack.getLanguage',
  async (ctx, req) => viewLanguage(ctx, await languageOf(ctx, packOf(ctx, req.langPack), req.langCode)),
  { anonymous: true, flood: 'read' },
)
