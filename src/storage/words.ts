/**
 * Texts to the words by which they are found, without a list of any language: case, accents and compatibility forms
 * do not count. Scripts that put no spaces between words give each character and each pair of neighbours; a query
 * then asks for the pairs.
 *
 * Changing what this gives means indexing every text again.
 */

const MAX_INDEXED = 1000
const MAX_ASKED = 16
const MAX_LENGTH = 48

const SPACELESS = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー`
const WORD = String.raw`[[\p{L}\p{N}\p{M}]--[${SPACELESS}]]`
/** A hashtag or cashtag; a run without spaces; a word. */
const PIECES = new RegExp(`[#$](?<tag>[\\p{L}\\p{N}\\p{M}_]+)|(?<run>[${SPACELESS}]+)|(?<word>${WORD}+)`, 'gv')

/** Begins what is no word of a text. Both databases take it for a letter, and no word contains it. */
const MARK = '§'

/** The word that stands for an owner, a peer, or who said it. */
export function scopeWord(kind: 'o' | 'p' | 'f', marked: number): string {
  return marked < 0 ? `${MARK}${kind}n${-marked}` : `${MARK}${kind}${marked}`
}

/** The word that stands for every channel's texts. */
export const CHANNEL_WORD = `${MARK}c`

/** Accents go, in the scripts where they are no more than that: й is found by и, ё by е, é by e. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFKC')
    .toLowerCase()
}

const cut = (word: string) => (word.length > MAX_LENGTH ? Array.from(word).slice(0, MAX_LENGTH).join('') : word)

const tagWord = (tag: string) => cut(`${MARK}h${tag.replaceAll('_', '·')}`)

/** The distinct words of a text, at most 1000. */
export function indexWords(text: string): string[] {
  const words = new Set<string>()
  for (const { groups } of fold(text).matchAll(PIECES)) {
    if (words.size >= MAX_INDEXED) break
    const { tag, run, word } = groups!
    if (word !== undefined) words.add(cut(word))
    else if (run !== undefined) addRun(words, run, true)
    else {
      words.add(tagWord(tag!))
      for (const part of tag!.split('_')) if (part !== '') for (const inner of indexWords(part)) words.add(inner)
    }
  }
  return [...words]
}

/**
 * The words a query asks for: all of `exact`, and one that begins with `prefix`, which is the query's last word unless a
 * space follows it. At most 16 words count.
 */
export function queryWords(text: string): { exact: string[]; prefix: string | undefined } {
  const folded = fold(text.slice(0, 1000))
  const words = new Set<string>()
  let prefix: string | undefined
  for (const { groups, index, 0: piece } of folded.matchAll(PIECES)) {
    if (words.size >= MAX_ASKED) break
    const { tag, run, word } = groups!
    if (run !== undefined) {
      addRun(words, run, false)
      continue
    }
    const asked = word !== undefined ? cut(word) : tagWord(tag!)
    const begun = index + piece.length === folded.length
    // One letter begins too many words for a search to go through.
    if (begun && Array.from(word ?? tag!).length > 1) prefix = asked
    else words.add(asked)
  }
  return { exact: [...words], prefix }
}

/** Whether a query asks for anything: one of punctuation alone does not. */
export function hasWords(text: string): boolean {
  const { exact, prefix } = queryWords(text)
  return exact.length > 0 || prefix !== undefined
}

/** Whether a text has all words that a query asks for: what the index finds, told of one text. */
export function hasAll(text: string, query: string): boolean {
  const { exact, prefix } = queryWords(query)
  if (exact.length === 0 && prefix === undefined) return false
  const words = indexWords(text)
  return (
    exact.every((word) => words.includes(word)) &&
    (prefix === undefined || words.some((word) => word.startsWith(prefix)))
  )
}

function addRun(words: Set<string>, run: string, singles: boolean): void {
  const letters = Array.from(run)
  for (let i = 0; i < letters.length && words.size < MAX_INDEXED; i++) {
    if (singles || letters.length === 1) words.add(letters[i]!)
    if (i > 0) words.add(letters[i - 1]! + letters[i]!)
  }
}
