import type * as tl from '../../tl/gen/types.ts'
import { BLOCKS, type HtmlElement, type HtmlNode } from './html.ts'
import { webAddress } from './parse.ts'

/** What is left of what one article may hold; what is beyond is left out. */
export interface Room {
  characters: number
  blocks: number
}

/** How an article's text is read. */
export interface Reading {
  /** Where relative addresses begin. */
  readonly base: string
  /** Names that links of the page point to. */
  readonly targets: ReadonlySet<string>
  readonly room: Room
  /** Elements that are more here than on a web page; undefined where they are not. */
  readonly special?: (element: HtmlElement, inner: tl.RichText[]) => tl.RichText[] | undefined
  /** Styles within each other; as many as articles have by default. */
  readonly depth?: number
}

const EMPTY: tl.textEmpty = { _: 'textEmpty' }
/** Styles within each other. */
const DEPTH = 8
const EMAIL = 254

type Styled = 'textBold' | 'textItalic' | 'textUnderline' | 'textStrike' | 'textFixed' | 'textSubscript'
const STYLES: Record<string, Styled | 'textSuperscript' | 'textMarked'> = {
  ...{ b: 'textBold', strong: 'textBold', i: 'textItalic', em: 'textItalic', cite: 'textItalic', dfn: 'textItalic' },
  ...{ var: 'textItalic', u: 'textUnderline', ins: 'textUnderline', s: 'textStrike', strike: 'textStrike' },
  ...{ del: 'textStrike', code: 'textFixed', kbd: 'textFixed', samp: 'textFixed', tt: 'textFixed' },
  ...{ sub: 'textSubscript', sup: 'textSuperscript', mark: 'textMarked' },
}

/** Where in a line one is: white space before anything, or after white space, is none. */
interface Line {
  spaced: boolean
}

/** Text without control characters, which clients are not to be shown. */
const clean = (text: string): string => text.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')

/** A text in one line, styles and links as they are; textEmpty where nothing is to be seen. */
export function richText(nodes: readonly HtmlNode[], reading: Reading): tl.RichText {
  return trimEnd(joinTexts(pieces(nodes, reading, { spaced: true }, 0)))
}

/** A text as it stands, spaces and line breaks kept. */
export function plainText(text: string, { room }: Reading): tl.RichText {
  const lines = text.replace(/\r\n?/g, '\n').replace(/^\n|\s+$/g, '')
  const shown = take(
    lines
      .split('\n')
      .map((line) => clean(line.replaceAll('\t', '    ')))
      .join('\n'),
    room,
  )
  return shown === '' ? EMPTY : { _: 'textPlain', text: shown }
}

export const isEmpty = (text: tl.RichText): boolean => text._ === 'textEmpty'

function take(text: string, room: Room): string {
  const some = text.slice(0, room.characters).replace(/[\ud800-\udbff]$/, '')
  room.characters -= some.length
  return some
}

function pieces(nodes: readonly HtmlNode[], reading: Reading, line: Line, depth: number): tl.RichText[] {
  const out: tl.RichText[] = []
  for (const node of nodes) {
    if (reading.room.characters <= 0) break
    if (typeof node === 'string') {
      const text = plain(node, reading.room, line)
      if (text) out.push(text)
      continue
    }
    if (node.name === 'br' || (BLOCKS.has(node.name) && !line.spaced)) {
      // A line break, and what stands in a line of its own where there is room for a text alone.
      if (!line.spaced || node.name === 'br') out.push({ _: 'textPlain', text: '\n' })
      line.spaced = true
      if (node.name === 'br') continue
    }
    const inner = pieces(node.children, reading, line, depth + 1)
    const special = reading.special?.(node, inner)
    if (special) {
      if (special.length > 0) line.spaced = false
      out.push(...special)
    } else if (inner.length > 0) out.push(...(depth < (reading.depth ?? DEPTH) ? styled(node, inner, reading) : inner))
    else if (isTarget(node, reading)) out.push({ _: 'textAnchor', text: EMPTY, name: nameOf(node)! })
  }
  return out
}

function plain(given: string, room: Room, line: Line): tl.textPlain | undefined {
  let text = clean(given.replace(/[\t\n\f\r ]+/g, ' '))
  if (line.spaced) text = text.replace(/^ /, '')
  text = take(text, room)
  if (text === '') return undefined
  line.spaced = text.endsWith(' ')
  return { _: 'textPlain', text }
}

const nameOf = ({ attributes }: HtmlElement): string | undefined => attributes.id ?? attributes.name

export const isTarget = (element: HtmlElement, { targets }: Reading): boolean => targets.has(nameOf(element) ?? '')

function styled(element: HtmlElement, inner: tl.RichText[], reading: Reading): tl.RichText[] {
  const style = STYLES[element.name]
  let out = inner
  if (style) out = [{ _: style, text: joinTexts(out) }]
  else if (element.name === 'a') out = linked(element.attributes.href?.trim(), out, reading)
  if (!BLOCKS.has(element.name) && isTarget(element, reading)) {
    out = [{ _: 'textAnchor', text: joinTexts(out), name: nameOf(element)! }]
  }
  return out
}

/** A link to the web, to a mailbox, to a phone; anything else is its text alone. */
function linked(href: string | undefined, inner: tl.RichText[], { base }: Reading): tl.RichText[] {
  if (!href) return inner
  const [, mail] = /^mailto:([^?\s]+@[^?\s]+)/i.exec(href) ?? []
  if (mail) return mail.length <= EMAIL ? [{ _: 'textEmail', text: joinTexts(inner), email: mail }] : inner
  const [, phone] = /^tel:(\+?[\d ().-]{3,30})$/i.exec(href) ?? []
  if (phone) return [{ _: 'textPhone', text: joinTexts(inner), phone: phone.replace(/[^+\d]/g, '') }]
  const url = webAddress(href, base)
  return url ? [{ _: 'textUrl', text: joinTexts(inner), url, webpageId: 0n }] : inner
}

/** One text of several, plain ones that stand side by side made one. */
export function joinTexts(list: readonly tl.RichText[]): tl.RichText {
  const texts: tl.RichText[] = []
  for (const one of list.flatMap((text) => (text._ === 'textConcat' ? text.texts : [text]))) {
    const last = texts.at(-1)
    if (one._ === 'textPlain' && last?._ === 'textPlain')
      texts[texts.length - 1] = { ...last, text: last.text + one.text }
    else texts.push(one)
  }
  return texts.length === 0 ? EMPTY : texts.length === 1 ? texts[0]! : { _: 'textConcat', texts }
}

/** Without white space at its end; anchors and nothing else is still something. */
function trimEnd(text: tl.RichText): tl.RichText {
  if (text._ === 'textPlain') {
    const trimmed = text.text.trimEnd()
    return trimmed === '' ? EMPTY : { ...text, text: trimmed }
  }
  if (text._ !== 'textConcat') return text
  const texts = [...text.texts]
  while (texts.length > 0) {
    const last = trimEnd(texts.pop()!)
    if (last._ === 'textEmpty') continue
    texts.push(last)
    break
  }
  return joinTexts(texts)
}

/** The characters of a rich text. */
export function lettersOf(text: tl.RichText): string {
  if (text._ === 'textPlain') return text.text
  if (text._ === 'textConcat') return text.texts.map(lettersOf).join('')
  return 'text' in text && typeof text.text === 'object' ? lettersOf(text.text) : ''
}
