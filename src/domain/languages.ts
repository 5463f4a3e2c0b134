import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import type { Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { atRest } from './message-view.ts'

export type LanguageRow = Selectable<Tables['language']>

/** A language as the operator's file gives it. */
export interface LanguageFile {
  name: string
  nativeName: string
  baseCode?: string | undefined
  pluralCode?: string | undefined
  rtl?: boolean | undefined
  /** Key to text, or to the forms of a pluralised text (`zero`, `one`, `two`, `few`, `many`, `other`). */
  strings: Record<string, string | Record<string, string>>
}

const FORMS = ['zero', 'one', 'two', 'few', 'many', 'other'] as const
const STRINGS = 50_000
const ROWS_AT_ONCE = 500

function packString(key: string, value: string | Record<string, string>): tl.LangPackString {
  if (typeof value === 'string') return { _: 'langPackString', key, value }
  const forms = Object.fromEntries(FORMS.filter((f) => value[f] !== undefined).map((f) => [`${f}Value`, value[f]]))
  return { _: 'langPackStringPluralized', key, ...forms, otherValue: value.other ?? '' }
}

/**
 * Puts a language into a pack, or the differences to what was imported before: strings that changed get a new
 * version, strings that are gone are told as deleted. Gives the language's version and how many strings changed.
 */
export async function importLanguage(
  tx: Tx,
  pack: string,
  code: string,
  file: LanguageFile,
): Promise<{ version: number; changed: number }> {
  const entries = Object.entries(file.strings)
  if (entries.length > STRINGS) throw new Error(`more than ${STRINGS} strings`)
  const before = await tx.trx
    .selectFrom('language_string')
    .select(['key', 'tl', 'deleted'])
    .where('pack', '=', pack)
    .where('code', '=', code)
    .execute()
  const known = new Map(before.map((row) => [row.key, row]))
  const version = ((await languageRow(tx, pack, code))?.version ?? 0) + 1
  const rows: Selectable<Tables['language_string']>[] = []
  for (const [key, value] of entries) {
    const tlBytes = atRest(packString(key, value))
    const old = known.get(key)
    known.delete(key)
    if (old && old.deleted === 0 && Buffer.compare(old.tl, tlBytes) === 0) continue
    rows.push({ pack, code, key, version, deleted: 0, tl: tlBytes })
  }
  for (const [key, old] of known) {
    if (old.deleted === 0)
      rows.push({ pack, code, key, version, deleted: 1, tl: atRest({ _: 'langPackStringDeleted', key }) })
  }
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) {
    await tx.trx
      .insertInto('language_string')
      .values(rows.slice(i, i + ROWS_AT_ONCE))
      .onConflict((c) =>
        c.columns(['pack', 'code', 'key']).doUpdateSet((eb) => ({
          version: eb.ref('excluded.version'),
          deleted: eb.ref('excluded.deleted'),
          tl: eb.ref('excluded.tl'),
        })),
      )
      .execute()
  }
  const row = {
    name: file.name,
    native_name: file.nativeName,
    base_code: file.baseCode ?? null,
    plural_code: file.pluralCode ?? code.split('-')[0]!,
    rtl: file.rtl ? 1 : 0,
    version,
  }
  await tx.trx
    .insertInto('language')
    .values({ pack, code, ...row })
    .onConflict((c) => c.columns(['pack', 'code']).doUpdateSet(row))
    .execute()
  return { version, changed: rows.length }
}

export async function languageRow(ctx: Ctx, pack: string, code: string): Promise<LanguageRow | undefined> {
  return ctx.db.selectFrom('language').selectAll().where('pack', '=', pack).where('code', '=', code).executeTakeFirst()
}

/** Strings of a language after a version; from the start without the deleted ones. */
export async function languageStrings(
  ctx: Ctx,
  pack: string,
  code: string,
  fromVersion: number,
  keys?: readonly string[],
): Promise<tl.LangPackString[]> {
  const rows = await ctx.db
    .selectFrom('language_string')
    .select('tl')
    .where('pack', '=', pack)
    .where('code', '=', code)
    .where('version', '>', fromVersion)
    .$if(fromVersion === 0, (q) => q.where('deleted', '=', 0))
    .$if(keys !== undefined, (q) => q.where('key', 'in', ctx.app.store.d.eachText(keys!)))
    .orderBy('key')
    .execute()
  return rows.map((row) => readObject(row.tl) as tl.LangPackString)
}

export async function viewLanguage(ctx: Ctx, row: LanguageRow): Promise<tl.LangPackLanguage> {
  const { count } = await ctx.db
    .selectFrom('language_string')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('pack', '=', row.pack)
    .where('code', '=', row.code)
    .where('deleted', '=', 0)
    .executeTakeFirstOrThrow()
  return {
    _: 'langPackLanguage',
    official: true,
    rtl: row.rtl === 1 || undefined,
    name: row.name,
    nativeName: row.native_name,
    langCode: row.code,
    baseLangCode: row.base_code ?? undefined,
    pluralCode: row.plural_code,
    stringsCount: Number(count),
    translatedCount: Number(count),
    translationsUrl: '',
  }
}
