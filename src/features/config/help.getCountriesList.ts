import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { countries } from './countries.ts'
import { jsonHash } from './json.ts'

export default method(
  'help.getCountriesList',
  async (_ctx, req) => {
    if (!/^[a-z]{2,3}(-[a-zA-Z0-9-]{1,16})?$/.test(req.langCode || 'en')) throw new RpcError('LANG_CODE_NOT_SUPPORTED')
    const list = await countries(req.langCode || 'en')
    const hash = jsonHash(list as never)
    if (req.hash === hash) return { _: 'help.countriesListNotModified' }
    return { _: 'help.countriesList', countries: list, hash }
  },
  { anonymous: true, flood: 'read' },
)
