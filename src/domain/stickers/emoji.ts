import { bareEmoji } from '../standard-reactions.ts'

/** Emoji that one sticker may stand for. https://core.telegram.org/bots/api#inputsticker */
export const MOST_EMOJI = 20
/** Keywords of one sticker together, UTF-16 units, and how many they may be. */
const KEYWORDS_LENGTH = 64
const KEYWORDS = 20
/** Words that a title is found by. */
const TITLE_WORDS = 16
const WORD_LENGTH = 64

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
const EMOJI = /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}.*)$/v
const KEYCAP = /^[0-9#*]\u20e3$/u

/** The emoji of a text that has nothing else, as they are compared; undefined for any other text. */
export function emojiOf(text: string): string[] | undefined {
  if (text.length > 512) return undefined
  const found: string[] = []
  for (const { segment } of graphemes.segment(text)) {
    if (segment.trim() === '') continue
    const bare = bareEmoji(segment)
    // Letters and digits are components of emoji, too, and none by themselves.
    if (!(EMOJI.test(segment) || EMOJI.test(bare) || KEYCAP.test(bare)) || bare === '') return undefined
    found.push(bare)
  }
  return found
}

/** What a sticker is to be found by, of keywords with commas between. */
export function keywordsOf(text: string | undefined): string[] {
  if (text === undefined) return []
  const words: string[] = []
  let left = KEYWORDS_LENGTH
  for (const part of text.slice(0, 1024).split(',')) {
    const word = part.trim()
    if (word === '' || words.includes(word)) continue
    left -= word.length
    if (left < 0 || words.length === KEYWORDS) break
    words.push(word)
  }
  return words
}

/** The words of a name or a question, in lower case, each once. */
export function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return [...new Set(words.map((word) => word.slice(0, WORD_LENGTH)))].slice(0, TITLE_WORDS)
}
