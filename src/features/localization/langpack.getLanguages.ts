import { viewLanguage } from '../../domain/languages.ts'
import { method } from '../../rpc/method.ts'
import { packOf } from './pack.ts'

export default method(
  'langpack.getLanguages',
  async (ctx, req) => {
    const pack = packOf(ctx, req.langPack)
    const rows = await ctx.db.selectFrom('language').selectAll().where('pack', '=', pack).orderBy('code').execute()
    const languages = []
    for (const row of rows) languages.push(await viewLanguage(ctx, row))
    return languages
  },
  { anonymous: true, flood: 'read' },
)
