import type { CountryCode } from 'libphonenumber-js'
import type * as tl from '../../tl/gen/types.ts'

/** Lists kept, a language each. */
const KEPT = 16
const byLanguage = new Map<string, tl.help_Country[]>()

/**
 * Every country with a calling code, its name in a language, and how its numbers are grouped (X for a digit), from
 * the tables of libphonenumber. Numbers without a country's own code (+1 for most of the Caribbean) carry prefixes.
 */
export async function countries(language: string): Promise<tl.help_Country[]> {
  const known = byLanguage.get(language)
  if (known) return known
  const lib = await import('libphonenumber-js')
  const { default: examples } = await import('libphonenumber-js/mobile/examples')
  const english = new Intl.DisplayNames('en', { type: 'region' })
  const local = language === 'en' ? undefined : displayNames(language)
  const list = lib
    .getCountries()
    .map((iso2) => country(iso2, lib.getCountryCallingCode(iso2), english, local, pattern(lib, iso2, examples)))
    .sort((a, b) => (a.defaultName < b.defaultName ? -1 : 1))
  if (byLanguage.size >= KEPT) byLanguage.clear()
  byLanguage.set(language, list)
  return list
}

function displayNames(language: string): Intl.DisplayNames | undefined {
  try {
    return new Intl.DisplayNames(language, { type: 'region' })
  } catch {
    return undefined
  }
}

function country(
  iso2: CountryCode,
  code: string,
  english: Intl.DisplayNames,
  local: Intl.DisplayNames | undefined,
  groups: string | undefined,
): tl.help_Country {
  const defaultName = english.of(iso2) ?? iso2
  const name = local?.of(iso2)
  return {
    _: 'help.country',
    iso2,
    defaultName,
    name: name === defaultName ? undefined : name,
    countryCodes: [{ _: 'help.countryCode', countryCode: code, patterns: groups ? [groups] : undefined }],
  }
}

function pattern(lib: typeof import('libphonenumber-js'), iso2: CountryCode, examples: object): string | undefined {
  const example = lib.getExampleNumber(iso2, examples as never)
  // In the international form the first group is the calling code itself.
  return example?.formatInternational().split(' ').slice(1).join(' ').replace(/-/g, ' ').replace(/\d/g, 'X')
}
