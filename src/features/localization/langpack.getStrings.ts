import { languageStrings } from '../../domain/languages.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { languageOf, packOf } from './pack.ts'

const MAX_KEYS = 1000

export default method(
  'langpack.getStrings',
  async (ctx, req) => {
    if (req.keys.length > MAX_KEYS) throw new RpcError('LIMIT_INVALID')
    const pack = packOf(ctx, req.langPack)
    const { code } = await languageOf(ctx, pack, req.langCode)
    const found = await languageStrings(ctx, pack, code, 0, req.keys)
    const byKey = new Map(found.map((s) => [s.key, s]))
    return req.keys.map((key): tl.LangPackString => byKey.get(key) ?? { _: 'langPackStringDeleted', key })
  },
  { anonymous: true, flood: 'read' },
)
