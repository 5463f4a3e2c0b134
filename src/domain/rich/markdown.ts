import { escapeHtml, inlineHtml } from './markdown-inline.ts'

/** Quotes and lists in each other; a rich message holds fewer, so that what is deeper is refused later. */
const DEPTH = 40
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/
const HEADING = /^ {0,3}(#{1,6})(?=\s|$)(.*)$/
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])(\s+|$)(.*)$/
const QUOTE = /^ {0,3}> ?/
const NOTE = /^ {0,3}\[\^([^\]\s]{1,64})\]:\s*(.*)$/
const COLUMN = /^:?-+:?$/
/** Lines that begin with such a tag are HTML up to the next empty line. */
const HTML =
  /^ {0,3}<\/?(?:a\s+name|address|article|aside|audio|blockquote|details|div|figcaption|figure|footer|h[1-6]|hr|img|li|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|video|tg-collage|tg-document|tg-map|tg-math-block|tg-slideshow)(?=[\s/>])/i

/**
 * Rich Markdown as Rich HTML: what GitHub's has, formulas, spoilers, marked text and footnotes; HTML in it stays as it
 * is, with Markdown in its texts. https://core.telegram.org/bots/api#rich-message-formatting-options
 */
export function markdownToHtml(markdown: string): string {
  const lines = markdown.replace(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n')
  const notes = new Map<string, string>()
  let fence: string | undefined
  const rest = lines.filter((line) => {
    const mark = FENCE.exec(line)?.[1]
    if (fence === undefined) fence = mark
    else if (mark?.startsWith(fence)) fence = undefined
    const note = fence === undefined ? NOTE.exec(line) : null
    if (note) notes.set(note[1]!, note[2]!)
    return !note
  })
  const numbers = new Map([...notes.keys()].map((name, i) => [name, i + 1]))
  const footnotes = [...notes].map(
    ([, text], i) => `<p>${i + 1}. <tg-reference name="note-${i + 1}">${inlineHtml(text, numbers)}</tg-reference></p>`,
  )
  return [...new Blocks(numbers).of(rest, 0), ...footnotes].join('\n')
}

class Blocks {
  readonly #notes: ReadonlyMap<string, number>

  constructor(notes: ReadonlyMap<string, number>) {
    this.#notes = notes
  }

  #inline(text: string): string {
    return inlineHtml(text.trim(), this.#notes)
  }

  of(lines: readonly string[], depth: number): string[] {
    if (depth > DEPTH) return [`<p>${escapeHtml(lines.join(' '))}</p>`]
    const out: string[] = []
    let at = 0
    while (at < lines.length) {
      if (lines[at]!.trim() === '') at++
      else at = this.#block(lines, at, depth, out)
    }
    return out
  }

  /** Reads the block that begins at a line; returns the line after it. */
  #block(lines: readonly string[], at: number, depth: number, out: string[]): number {
    const line = lines[at]!
    const fence = FENCE.exec(line)
    if (fence) return this.#fenced(lines, at, fence[1]!, fence[2]!.trim().split(/\s/, 1)[0]!, out)
    const heading = HEADING.exec(line)
    if (heading) {
      const level = heading[1]!.length
      out.push(`<h${level}>${this.#inline(heading[2]!.trim().replace(/\s#+$/, ''))}</h${level}>`)
      return at + 1
    }
    if (RULE.test(line)) {
      out.push('<hr/>')
      return at + 1
    }
    if (QUOTE.test(line)) return this.#quote(lines, at, depth, out)
    if (ITEM.test(line)) return this.#list(lines, at, depth, out)
    if (/^ {0,3}\$\$/.test(line)) {
      const end = this.#formula(lines, at, out)
      if (end !== undefined) return end
    }
    if (HTML.test(line)) return this.#html(lines, at, out)
    if (line.includes('|') && isRuler(lines[at + 1])) {
      return this.#table(lines, at, out)
    }
    return this.#paragraph(lines, at, out)
  }

  #fenced(lines: readonly string[], at: number, mark: string, language: string, out: string[]): number {
    let end = at + 1
    const closes = new RegExp(`^ {0,3}\\${mark[0]}{${mark.length},}\\s*$`)
    while (end < lines.length && !closes.test(lines[end]!)) end++
    const code = escapeHtml(lines.slice(at + 1, end).join('\n'))
    if (language === 'math') out.push(`<tg-math-block>${code}</tg-math-block>`)
    else out.push(`<pre><code${language ? ` class="language-${escapeHtml(language)}"` : ''}>${code}</code></pre>`)
    return end + 1
  }

  /** `$$…$$`, on one line or on several, alone. */
  #formula(lines: readonly string[], at: number, out: string[]): number | undefined {
    for (let end = at; end < lines.length && lines[end]!.trim() !== ''; end++) {
      const line = lines[end]!.trim()
      if (!line.endsWith('$$') || (end === at && line.length <= 4)) continue
      const text = lines
        .slice(at, end + 1)
        .join('\n')
        .trim()
      out.push(`<tg-math-block>${escapeHtml(text.slice(2, -2).trim())}</tg-math-block>`)
      return end + 1
    }
    return undefined
  }

  #quote(lines: readonly string[], at: number, depth: number, out: string[]): number {
    let end = at
    const inner: string[] = []
    for (; end < lines.length; end++) {
      const line = lines[end]!
      if (QUOTE.test(line)) inner.push(line.replace(QUOTE, ''))
      // A line that goes on with a paragraph need not say again that it is quoted.
      else if (line.trim() !== '' && inner.at(-1)?.trim() && !beginsBlock(line)) inner.push(line)
      else break
    }
    const blocks = this.of(inner, depth + 1)
    const [only] = blocks
    const text = blocks.length === 1 ? /^<p>([\s\S]*)<\/p>$/.exec(only!)?.[1] : undefined
    out.push(`<blockquote>${text ?? blocks.join('\n')}</blockquote>`)
    return end
  }

  #list(lines: readonly string[], at: number, depth: number, out: string[]): number {
    const first = ITEM.exec(lines[at]!)!
    const kind = kindOf(first[2]!)
    const items: string[] = []
    let end = at
    while (end < lines.length) {
      const item = ITEM.exec(lines[end]!)
      if (!item || kindOf(item[2]!) !== kind || RULE.test(lines[end]!)) break
      const indent = item[1]!.length + item[2]!.length + Math.min(Math.max(item[3]!.length, 1), 4)
      const inner = [item[4]!]
      for (end++; end < lines.length; end++) {
        const line = lines[end]!
        const lead = line.length - line.trimStart().length
        if (line.trim() === '') inner.push('')
        // Whoever writes lists by hand indents by two as well.
        else if (lead >= Math.min(indent, item[1]!.length + 2)) inner.push(line.slice(Math.min(lead, indent)))
        else if (inner.at(-1) !== '' && !beginsBlock(line)) inner.push(line)
        else break
      }
      items.push(this.#item(inner, depth))
    }
    const start = Number.parseInt(first[2]!, 10)
    const open = kind === 'ul' ? '<ul>' : start === 1 ? '<ol>' : `<ol start="${start}">`
    out.push(`${open}${items.join('')}</${kind === 'ul' ? 'ul' : 'ol'}>`)
    return end
  }

  #item(lines: string[], depth: number): string {
    const task = /^\[([ xX])\](?:\s+|$)/.exec(lines[0]!)
    const box = task ? `<input type="checkbox"${task[1] === ' ' ? '' : ' checked'}>` : ''
    if (task) lines[0] = lines[0]!.slice(task[0].length)
    return `<li>${box}${this.of(lines, depth + 1).join('\n')}</li>`
  }

  /** HTML as it is: the texts between its tags are Markdown. */
  #html(lines: readonly string[], at: number, out: string[]): number {
    let end = at
    while (end < lines.length && lines[end]!.trim() !== '') end++
    const text = lines.slice(at, end).join('\n')
    out.push(/<pre[\s>]|<tg-math/i.test(text) ? text : inlineHtml(text, this.#notes))
    return end
  }

  #table(lines: readonly string[], at: number, out: string[]): number {
    const aligned = cellsOf(lines[at + 1]!).map((cell) => {
      const center = cell.startsWith(':') && cell.endsWith(':')
      return center
        ? ' align="center"'
        : cell.endsWith(':')
          ? ' align="right"'
          : cell.startsWith(':')
            ? ' align="left"'
            : ''
    })
    const row = (line: string, tag: string) =>
      `<tr>${cellsOf(line)
        .map((cell, i) => `<${tag}${aligned[i] ?? ''}>${this.#inline(cell)}</${tag}>`)
        .join('')}</tr>`
    let html = row(lines[at]!, 'th')
    let end = at + 2
    for (; end < lines.length && lines[end]!.includes('|'); end++) html += row(lines[end]!, 'td')
    out.push(`<table bordered striped>${html}</table>`)
    return end
  }

  #paragraph(lines: readonly string[], at: number, out: string[]): number {
    let end = at + 1
    while (end < lines.length && lines[end]!.trim() !== '' && !beginsBlock(lines[end]!)) end++
    out.push(
      `<p>${this.#inline(
        lines
          .slice(at, end)
          .map((line) => line.trimStart())
          .join('\n'),
      )}</p>`,
    )
    return end
  }
}

const kindOf = (mark: string): string => (/\d/.test(mark) ? `ol${mark.at(-1)}` : 'ul')

/** What ends a paragraph without an empty line. */
function beginsBlock(line: string): boolean {
  return (
    HEADING.test(line) || FENCE.test(line) || QUOTE.test(line) || RULE.test(line) || HTML.test(line) || ITEM.test(line)
  )
}

/** The line below the head of a table. */
function isRuler(line: string | undefined): boolean {
  return line?.includes('-') === true && cellsOf(line).every((cell) => COLUMN.test(cell))
}

/** The cells of a row of a table: `\|` and what is in code or formulas divides nothing. */
function cellsOf(line: string): string[] {
  const cells: string[] = []
  let cell = ''
  let code = false
  let hidden = false
  const text = line.trim().replace(/^\|/, '')
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!
    if (sign === '\\' && text[i + 1] === '|') {
      cell += '|'
      i++
    } else if (sign === '|' && !code && text[i + 1] === '|' && (hidden || text.indexOf('||', i + 2) > 0)) {
      // A spoiler in a cell.
      cell += '||'
      hidden = !hidden
      i++
    } else if (sign === '|' && !code) {
      cells.push(cell.trim())
      cell = ''
    } else {
      if (sign === '`') code = !code
      cell += sign
    }
  }
  if (cell.trim() !== '') cells.push(cell.trim())
  return cells
}
