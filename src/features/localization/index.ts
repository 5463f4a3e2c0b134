import langpackGetDifference from './langpack.getDifference.ts'
import langpackGetLangPack from './langpack.getLangPack.ts'
import langpackGetLanguage from './langpack.getLanguage.ts'
import langpackGetLanguages from './langpack.getLanguages.ts'
import langpackGetStrings from './langpack.getStrings.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  langpackGetDifference,
  langpackGetLangPack,
  langpackGetLanguage,
  langpackGetLanguages,
  langpackGetStrings,
]
