import { joinTexts } from '../../domain/web/rich-text.ts'
import type * as tl from '../../tl/gen/types.ts'
import { plainOfText } from '../../tl/index.ts'
import { escaped, unescaped } from './html.ts'

/** What stays as it is: names, numbers, code, and what is no text. */
const KEPT = new Set<tl.RichText['_']>([
  'textAutoEmail',
  'textAutoPhone',
  'textAutoUrl',
  'textBankCard',
  'textBotCommand',
  'textCashtag',
  'textCustomEmoji',
  'textFixed',
  'textHashtag',
  'textImage',
  'textMath',
  'textMention',
])

type Wrapper = Extract<tl.RichText, { text: tl.RichText }>
/** A text as a translator is given it, and what its spans stand for. */
export interface RichHtml {
  html: string
  nodes: tl.RichText[]
}

/** A rich text as HTML that a translator can turn round: each style is a span with its number. */
export function richToHtml(text: tl.RichText): RichHtml {
  const nodes: tl.RichText[] = []
  const html = (one: tl.RichText): string => {
    if (one._ === 'textEmpty') return ''
    if (one._ === 'textPlain') return escaped(one.text)
    if (one._ === 'textConcat') return one.texts.map(html).join('')
    const id = nodes.push(one) - 1
    if (KEPT.has(one._))
      return `<span id="${id}" translate="no" class="notranslate">${escaped(plainOfText(one))}</span>`
    return `<span id="${id}">${html((one as Wrapper).text)}</span>`
  }
  return { html: html(text), nodes }
}

/** The translated text, with the styles of before where their spans have come to stand. */
export function richFromHtml(html: string, nodes: readonly tl.RichText[]): tl.RichText {
  const root: tl.RichText[] = []
  const open: { node: tl.RichText | undefined; inner: tl.RichText[] }[] = []
  const top = () => open.at(-1)?.inner ?? root
  const close = () => {
    const span = open.pop()
    if (!span) return
    if (!span.node) top().push(...span.inner)
    else if (KEPT.has(span.node._)) top().push(span.node)
    else top().push({ ...(span.node as Wrapper), text: joinTexts(span.inner) })
  }
  for (const [piece] of html.matchAll(/<\/?[a-z][^>]*>|[^<]+|</gi)) {
    if (!piece.startsWith('<') || piece.length === 1) top().push({ _: 'textPlain', text: unescaped(piece) })
    else if (/^<br\b/i.test(piece)) top().push({ _: 'textPlain', text: '\n' })
    else if (/^<span\b/i.test(piece)) {
      const id = Number(/\bid=["']?(\d{1,5})\b/i.exec(piece)?.[1] ?? -1)
      open.push({ node: nodes[id], inner: [] })
    } else if (/^<\/span\b/i.test(piece)) close()
  }
  while (open.length > 0) close()
  return joinTexts(root)
}
