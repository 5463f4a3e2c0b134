import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Handler, Parser } from 'htmlparser2'

/** An element of a page, with the attributes that an article is read from and no others. */
export interface HtmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: HtmlNode[]
  readonly parent: HtmlElement | undefined
  /** Something inside it stands in a line, or a place, of its own. */
  hasBlock: boolean
  hasPicture: boolean
}
export type HtmlNode = HtmlElement | string

export interface HtmlPage {
  readonly root: HtmlElement
  /** What links on the page point to within it. */
  readonly targets: ReadonlySet<string>
  /** Where relative addresses begin, if the page says so. */
  readonly base: string | undefined
  /** False where there was more of it than is read. */
  readonly whole: boolean
}

/** Bounds of a page: elements and pieces of text, depth, and the length of an attribute. What is beyond is left out. */
const NODES = 30_000
const DEPTH = 80
const ATTRIBUTE = 2048
const TARGETS = 200
/**
 * Elements open at once: what the parser does for each that opens grows with those that are open. No page has so many.
 */
export const OPEN = 1000
/** Characters read before others get their turn. */
const CHUNK = 32 * 1024

const ATTRIBUTES = new Set([
  ...['href', 'src', 'data-src', 'srcset', 'alt', 'title', 'id', 'name', 'class', 'type', 'start', 'reversed'],
  ...['value', 'open', 'colspan', 'rowspan', 'align', 'valign', 'border', 'lang', 'dir', 'datetime', 'itemprop'],
  ...['rel', 'role', 'width', 'height'],
])

/** Never read: what runs, what is filled in, and what is not text. */
const LEFT_OUT = new Set([
  ...['script', 'style', 'noscript', 'template', 'iframe', 'object', 'embed', 'applet', 'svg', 'math', 'canvas'],
  ...[
    'form',
    'input',
    'button',
    'select',
    'textarea',
    'nav',
    'dialog',
    'head',
    'title',
    'link',
    'meta',
    'audio',
    'map',
  ],
])

export const BLOCKS: ReadonlySet<string> = new Set([
  ...['address', 'article', 'aside', 'blockquote', 'center', 'dd', 'details', 'div', 'dl', 'dt', 'fieldset'],
  ...['figcaption', 'figure', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'li', 'main', 'ol', 'p'],
  ...['pre', 'section', 'summary', 'table', 'ul', 'video'],
])

/** How a text in HTML is read: which elements and attributes of it. */
export interface HtmlRules {
  readonly attributes: ReadonlySet<string>
  readonly leftOut: ReadonlySet<string>
  /** Whether an element stands in lines of its own. */
  readonly isBlock: (name: string, attributes: Record<string, string>) => boolean
  /** What a page hides is not read. */
  readonly hides: boolean
  /** `<x/>` has nothing inside, as in XML. */
  readonly selfClosing: boolean
}

/** Pages of the web. */
const PAGE: HtmlRules = {
  attributes: ATTRIBUTES,
  leftOut: LEFT_OUT,
  isBlock: (name) => BLOCKS.has(name),
  hides: true,
  selfClosing: false,
}

const HIDDEN_ROLES = new Set(['navigation', 'banner', 'complementary', 'contentinfo', 'search', 'menu', 'dialog'])

function isHidden(attributes: Record<string, string>): boolean {
  if ('hidden' in attributes || HIDDEN_ROLES.has(attributes.role ?? '')) return true
  return /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attributes.style?.slice(0, ATTRIBUTE) ?? '')
}

function kept(attributes: Record<string, string>, names: ReadonlySet<string>): Record<string, string> {
  const some: Record<string, string> = Object.create(null)
  for (const name in attributes) {
    const value = attributes[name]!
    if (names.has(name) && value.length <= ATTRIBUTE) some[name] = value
  }
  return some
}

/**
 * Reads an HTML page into a tree, in parts, so that a large page holds nobody up. Whatever it holds, the tree is
 * bounded: what lies too deep hangs from the deepest place there is, and what comes after too much is not read.
 */
export async function readHtml(html: string, rules: HtmlRules = PAGE): Promise<HtmlPage> {
  const make = (name: string, attributes: Record<string, string>, parent?: HtmlElement): HtmlElement => {
    return { name, attributes, children: [], parent, hasBlock: false, hasPicture: false }
  }
  const root = make('html', {})
  const targets = new Set<string>()
  let base: string | undefined
  let at = root
  let depth = 0
  /** Elements opened below the deepest that is kept, and below one that is left out. */
  let below = 0
  let skipped = 0
  let nodes = 0
  let open = 0
  const handler: Partial<Handler> = {
    onopentag(name, attributes) {
      if (++open > OPEN) return parser.pause()
      if (skipped > 0) return void skipped++
      if (name === 'base') base ??= attributes.href?.slice(0, ATTRIBUTE)
      if (rules.leftOut.has(name) || (rules.hides && isHidden(attributes))) return void skipped++
      if (depth >= DEPTH || nodes >= NODES) return void below++
      nodes++
      const element = make(name, kept(attributes, rules.attributes), at)
      at.children.push(element)
      const { href } = element.attributes
      if (name === 'a' && href?.startsWith('#') && href.length > 1 && targets.size < TARGETS) targets.add(href.slice(1))
      if (rules.isBlock(name, attributes))
        for (let up: HtmlElement | undefined = at; up && !up.hasBlock; up = up.parent) up.hasBlock = true
      if (name === 'img')
        for (let up: HtmlElement | undefined = at; up && !up.hasPicture; up = up.parent) up.hasPicture = true
      at = element
      depth++
    },
    ontext(text) {
      if (skipped > 0 || nodes >= NODES) return
      // The parser gives a text in pieces where entities are in it.
      const last = at.children.at(-1)
      if (typeof last === 'string') at.children[at.children.length - 1] = last + text
      else {
        nodes++
        at.children.push(text)
      }
    },
    onclosetag() {
      open--
      if (skipped > 0) skipped--
      else if (below > 0) below--
      else if (at.parent) {
        at = at.parent
        depth--
      }
    },
  }
  const parser = new Parser(handler, { recognizeSelfClosing: rules.selfClosing })
  for (let i = 0; i < html.length && nodes < NODES && open <= OPEN; i += CHUNK) {
    if (i > 0) await nextTurn()
    parser.write(html.slice(i, i + CHUNK))
  }
  parser.end()
  return { root, targets, base, whole: nodes < NODES && open <= OPEN }
}

/** Words of the class and what the element is the property of. */
export function classesOf(element: HtmlElement): string[] {
  const { class: words = '', itemprop = '' } = element.attributes
  return `${words} ${itemprop}`
    .toLowerCase()
    .split(/[\s_-]+/)
    .filter(Boolean)
}

/** All elements below one, in the order of the page. */
export function within(element: HtmlElement): HtmlElement[] {
  const found: HtmlElement[] = []
  const add = (inside: HtmlElement) => {
    for (const child of inside.children) {
      if (typeof child === 'string') continue
      found.push(child)
      add(child)
    }
  }
  add(element)
  return found
}

/** The text of an element, at most so many characters of it. */
export function textOf(node: HtmlNode, most = 2000): string {
  if (typeof node === 'string') return node.slice(0, most)
  let text = ''
  for (const child of node.children) {
    if (text.length >= most) break
    text += textOf(child, most - text.length)
  }
  return text
}
