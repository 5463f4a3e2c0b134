const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (c) => ESCAPES[c]!)

/** Signs that stand round what they style, the longer ones before those they begin with. */
const PAIRS: readonly (readonly [sign: string, tag: string])[] = [
  ['**', 'b'],
  ['__', 'b'],
  ['~~', 's'],
  ['==', 'mark'],
  ['||', 'tg-spoiler'],
  ['*', 'i'],
  ['_', 'i'],
  ['~', 's'],
]
const PUNCTUATION = /[!-/:-@[-`{-~]/
const WORD = /[\p{L}\p{N}]/u
const TAG = /^<(?:\/?[a-z][\w-]*(?:\s[^<>]*)?|!--[^>]*--)>/i
const AUTOLINK = /^<((?:https?|tg|ton|mailto):[^\s<>]{1,2000}|[^\s<>@]{1,64}@[^\s<>@]{1,190})>/i
const ENTITY = /^&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8});/i
/** Brackets in brackets, and a link's text at its longest. */
const LABEL = 512
/** Signs that wait for their like. */
const OPEN = 200

/** One line's text of Rich Markdown as Rich HTML: styles, links, formulas; tags of HTML stay as they are. */
export function inlineHtml(text: string, notes: ReadonlyMap<string, number>): string {
  return new Inline(text, notes).html()
}

interface Opened {
  sign: string
  tag: string
  /** Where in the output its tag is to stand. */
  at: number
}

class Inline {
  readonly #text: string
  readonly #notes: ReadonlyMap<string, number>
  readonly #out: string[] = []
  readonly #open: Opened[] = []
  #at = 0
  /** The next bracket that closes; -1 where there is none any more. */
  #bracket = 0

  constructor(text: string, notes: ReadonlyMap<string, number>) {
    this.#text = text
    this.#notes = notes
  }

  html(): string {
    const text = this.#text
    while (this.#at < text.length) {
      const sign = text[this.#at]!
      if (this.#special(sign)) continue
      this.#out.push(escapeHtml(sign))
      this.#at++
    }
    return this.#out.join('')
  }

  #special(sign: string): boolean {
    switch (sign) {
      case '\\':
        return this.#escape()
      case '`':
        return this.#code()
      case '$':
        return this.#math()
      case '<':
        return this.#tag()
      case '&':
        return this.#take(ENTITY.exec(this.#rest(16))?.[0])
      case '!':
        return this.#text[this.#at + 1] === '[' && this.#link(true)
      case '[':
        return this.#note() || this.#link(false)
      case '\n':
        this.#lineEnd()
        return true
      default:
        return '*_~=|'.includes(sign) && this.#pair()
    }
  }

  #rest(most: number): string {
    return this.#text.slice(this.#at, this.#at + most)
  }

  /** Writes HTML in place of so much of the text. */
  #put(html: string, length: number): true {
    this.#out.push(html)
    this.#at += length
    return true
  }

  #take(html: string | undefined): boolean {
    return html !== undefined && this.#put(html, html.length)
  }

  #escape(): boolean {
    const next = this.#text[this.#at + 1]
    if (next === '\n') return this.#put('<br>', 2)
    return next !== undefined && PUNCTUATION.test(next) && this.#put(escapeHtml(next), 2)
  }

  /** Two spaces at its end break a line, other line ends are spaces. */
  #lineEnd(): void {
    const hard = /(?<! ) {2,}$/.test(this.#text.slice(Math.max(0, this.#at - 8), this.#at))
    this.#put(hard ? '<br>' : '\n', 1)
  }

  #code(): boolean {
    const fence = /^`+/.exec(this.#rest(64))![0]
    let end = this.#at + fence.length
    for (;;) {
      end = this.#text.indexOf(fence, end)
      if (end < 0) return this.#put(fence, fence.length)
      let run = end
      while (this.#text[run] === '`') run++
      if (run - end === fence.length) break
      end = run
    }
    const inner = this.#text.slice(this.#at + fence.length, end).replaceAll('\n', ' ')
    const code = /^ .*[^ ].* $/s.test(inner) ? inner.slice(1, -1) : inner
    return this.#put(`<code>${escapeHtml(code)}</code>`, end + fence.length - this.#at)
  }

  /** `$x$`: no space just inside, no digit after, so that sums of money are none. */
  #math(): boolean {
    const double = this.#text.startsWith('$$', this.#at)
    const sign = double ? '$$' : '$'
    const from = this.#at + sign.length
    const end = this.#text.indexOf(sign, from)
    if (end <= from) return double && this.#put('$$', 2)
    const source = this.#text.slice(from, end)
    const money = !double && (/^\s|\s$/.test(source) || /\d/.test(this.#text[end + 1] ?? ''))
    if (money || source.includes('\n\n')) return this.#put(sign, sign.length)
    return this.#put(`<tg-math>${escapeHtml(source)}</tg-math>`, end + sign.length - this.#at)
  }

  #tag(): boolean {
    const link = AUTOLINK.exec(this.#rest(2050))
    if (link) {
      const address = link[1]!
      const href = /^[a-z]+:/i.test(address) ? address : `mailto:${address}`
      return this.#put(`<a href="${escapeHtml(href)}">${escapeHtml(address)}</a>`, link[0].length)
    }
    return this.#take(TAG.exec(this.#rest(4096))?.[0])
  }

  /** `[^name]`: a footnote that is defined somewhere. */
  #note(): boolean {
    const found = /^\[\^([^\]\s]{1,64})\]/.exec(this.#rest(68))
    const number = found && this.#notes.get(found[1]!)
    if (!found || number === undefined) return false
    return this.#put(`<sup><a href="#note-${number}">${number}</a></sup>`, found[0].length)
  }

  #link(picture: boolean): boolean {
    const from = this.#at + (picture ? 2 : 1)
    if (this.#bracket >= 0 && this.#bracket < from) this.#bracket = this.#text.indexOf(']', from)
    if (this.#bracket < 0 || this.#bracket > from + LABEL) return false
    const close = closing(this.#text, from)
    if (close < 0 || this.#text[close + 1] !== '(') return false
    const target =
      /^\(\s*(?:<([^<>\n]*)>|([^\s()]*(?:\([^\s()]*\)[^\s()]*)*))(?:\s+(?:"([^"]*)"|'([^']*)'))?\s*\)/.exec(
        this.#text.slice(close + 1, close + 1 + LABEL),
      )
    if (!target) return false
    const label = this.#text.slice(from, close)
    const address = target[1] ?? target[2] ?? ''
    const html = picture
      ? pictureHtml(label, address, target[3] ?? target[4])
      : `<a href="${escapeHtml(address)}">${inlineHtml(label, this.#notes)}</a>`
    return this.#put(html, close + 1 + target[0].length - this.#at)
  }

  #pair(): boolean {
    const text = this.#text
    const found = PAIRS.find(([sign]) => text.startsWith(sign, this.#at))
    if (!found) return false
    const [sign, tag] = found
    const [before, after] = [text[this.#at - 1] ?? ' ', text[this.#at + sign.length] ?? ' ']
    // Within a word underlines are part of a name.
    const bare = sign.startsWith('_')
    const closes = !/\s/.test(before) && !(bare && WORD.test(after))
    const opens = !/\s/.test(after) && !(bare && WORD.test(before))
    const opened = closes ? this.#open.findLastIndex((one) => one.sign === sign) : -1
    if (opened >= 0 && this.#out.length > this.#open[opened]!.at + 1) {
      // What was opened inside and not closed are signs like any others.
      const [{ at }] = this.#open.splice(opened) as [Opened]
      this.#out[at] = `<${tag}>`
      return this.#put(`</${tag}>`, sign.length)
    }
    if (!opens || this.#open.length >= OPEN) return this.#put(escapeHtml(sign), sign.length)
    this.#open.push({ sign, tag, at: this.#out.length })
    return this.#put(escapeHtml(sign), sign.length)
  }
}

/** Where the bracket closes that was opened before `from`; -1 for nowhere near. */
function closing(text: string, from: number): number {
  let depth = 0
  const end = Math.min(text.length, from + LABEL)
  for (let i = from; i < end; i++) {
    const sign = text[i]
    if (sign === '\\') i++
    else if (sign === '[') depth++
    else if (sign === ']' && depth-- === 0) return i
  }
  return -1
}

/** A picture, or one of the things that are written like one: custom emoji, points in time. */
function pictureHtml(label: string, address: string, title: string | undefined): string {
  const [, what, id = '', rest = ''] = /^tg:\/\/(emoji|time)\?(?:id|unix)=(\d+)(.*)$/.exec(address) ?? []
  if (what === 'emoji') return `<tg-emoji emoji-id="${id}">${escapeHtml(label)}</tg-emoji>`
  if (what === 'time') {
    const format = /[?&]format=(\w+)/.exec(rest)?.[1] ?? ''
    return `<tg-time unix="${id}" format="${format}">${escapeHtml(label)}</tg-time>`
  }
  const file = `<img src="${escapeHtml(address)}"/>`
  return title ? `<figure>${file}<figcaption>${escapeHtml(title)}</figcaption></figure>` : file
}
