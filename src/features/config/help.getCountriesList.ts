import { method } from '../../rpc/method.ts'
import { countries } from './countries.ts'
import { jsonHash } from './json.ts'

/** A language tag; names for anything else are the English ones. */
const LANGUAGE = /^[a-z]{2,3}(-[a-zA-Z0-9-]{1,16})?$/

export default method(
  'help.getCountriesList',
  async (_ctx, req) => {
    const list = await countries(LANGUAGE.test(req.langCode) ? req.langCode : 'en')
    const hash = jsonHash(list as never)
    if (req.hash === hash) return { _: 'help.countriesListNotModified' }
    return { _: 'help.countriesList', countries: list, hash }
  },
  { anonymous: true, flood: 'read' },
)
