/** Suggestions an account has dismissed; `peer` 0 for those that concern no chat. */
export interface DismissedSuggestionTable {
  owner: number
  peer: number
  suggestion: string
  date: number
}

/** What the support team wrote of a user. */
export interface SupportNoteTable {
  user_id: number
  message: string
  entities: Uint8Array | null
  author: string
  date: number
}

/** A language of a language pack, as imported by the operator. */
export interface LanguageTable {
  pack: string
  code: string
  name: string
  native_name: string
  base_code: string | null
  plural_code: string
  rtl: number
  /** Raised with every import that changed something. */
  version: number
}

/** One string of a language; `tl` is its LangPackString, a deleted one too. */
export interface LanguageStringTable {
  pack: string
  code: string
  key: string
  version: number
  deleted: number
  tl: Uint8Array
}

declare module './index.ts' {
  interface Tables {
    dismissed_suggestion: DismissedSuggestionTable
    support_note: SupportNoteTable
    language: LanguageTable
    language_string: LanguageStringTable
  }
}
