import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { type HtmlElement, type HtmlNode, type HtmlRules, readHtml, textOf, within } from '../web/html.ts'
import { isEmpty, plainText, type Reading, richText } from '../web/rich-text.ts'
import { rowsOf, viewCell } from '../web/tables.ts'
import { EMPTY } from './check-text.ts'
import { inlineOf } from './html-inline.ts'

/** What an address in the text stands for: a file that came with the message, or was fetched; undefined for none. */
export type Media = (address: string) => tl.photo | tl.document | undefined

/** A rich message in HTML, read but not yet made: its files are still to be found. */
export interface RichHtml {
  /** Addresses of pictures, videos and files, in their order. */
  readonly addresses: readonly string[]
  /** Users it names by number. */
  readonly users: readonly number[]
  blocks(media: Media): tl.PageBlock[]
}

const HEADINGS: Record<string, tl.PageBlock['_'] & `pageBlockHeading${number}`> = {
  h1: 'pageBlockHeading1',
  h2: 'pageBlockHeading2',
  h3: 'pageBlockHeading3',
  h4: 'pageBlockHeading4',
  h5: 'pageBlockHeading5',
  h6: 'pageBlockHeading6',
}
const FILES = new Set(['img', 'video', 'audio', 'tg-document'])
const BLOCKS = new Set([
  ...Object.keys(HEADINGS),
  ...['p', 'div', 'section', 'article', 'pre', 'footer', 'hr', 'ul', 'ol', 'li', 'blockquote', 'aside', 'figure'],
  ...['figcaption', 'table', 'details', 'summary', 'video', 'audio', 'tg-document', 'tg-map', 'tg-collage'],
  ...['tg-slideshow', 'tg-math-block'],
])
const ATTRIBUTES = new Set([
  ...['href', 'src', 'alt', 'name', 'class', 'type', 'start', 'reversed', 'value', 'open', 'colspan', 'rowspan'],
  ...['align', 'valign', 'emoji-id', 'unix', 'format', 'lat', 'long', 'zoom', 'width', 'height', 'checked'],
  ...['bordered', 'striped', 'compact', 'tg-spoiler', 'collapsed', 'expandable', 'autoplay', 'loop'],
])

const RULES: HtmlRules = {
  attributes: ATTRIBUTES,
  leftOut: new Set(['script', 'style', 'template', 'head', 'title']),
  isBlock: (name, { src }) => BLOCKS.has(name) || (name === 'img' && !isEmoji(src)),
  hides: false,
  selfClosing: true,
}

const isEmoji = (src: string | undefined): boolean => src?.startsWith('tg://emoji') === true
const isFile = ({ name, attributes }: HtmlElement): boolean => FILES.has(name) && !isEmoji(attributes.src)
const isElement = (node: HtmlNode): node is HtmlElement => typeof node === 'object'
const named = (element: HtmlElement, ...names: string[]): HtmlElement | undefined =>
  element.children.filter(isElement).find((one) => names.includes(one.name))
const without = (element: HtmlElement, ...names: string[]): HtmlNode[] =>
  element.children.filter((node) => !(isElement(node) && names.includes(node.name)))
const wholeOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d{1,9}$/.test(text.trim()) ? Number(text) : undefined

/**
 * Reads a rich message in HTML. What is no tag of rich messages is left out, its text kept. RICH_MESSAGE_TOO_LARGE for
 * more elements than are read.
 * https://core.telegram.org/bots/api#rich-message-formatting-options
 */
export async function readRichHtml(html: string): Promise<RichHtml> {
  const { root, whole } = await readHtml(html, RULES)
  if (!whole) throw new RpcError('RICH_MESSAGE_TOO_LARGE')
  const all = within(root)
  const addresses = all.filter(isFile).flatMap(({ attributes }) => attributes.src?.trim() ?? [])
  const mentions = all.map((one) => /^tg:\/\/user\?id=(\d{1,15})$/.exec(one.attributes.href ?? '')?.[1])
  return {
    addresses: [...new Set(addresses)],
    users: [...new Set(mentions.flatMap((id) => (id === undefined ? [] : Number(id))))],
    blocks: (media) => new Maker(media).inside(root.children),
  }
}

class Maker {
  readonly #media: Media
  readonly #reading: Reading = {
    base: '',
    targets: new Set(),
    // What is too much is refused when the blocks are checked, not left out.
    room: { characters: Number.MAX_SAFE_INTEGER, blocks: Number.MAX_SAFE_INTEGER },
    special: inlineOf,
    depth: Number.MAX_SAFE_INTEGER,
  }

  constructor(media: Media) {
    this.#media = media
  }

  /** Blocks of what stands side by side: what is no block makes a paragraph with its neighbours. */
  inside(nodes: readonly HtmlNode[]): tl.PageBlock[] {
    const blocks: tl.PageBlock[] = []
    let line: HtmlNode[] = []
    const endLine = () => {
      const text = this.#text(line)
      line = []
      if (text._ === 'textAnchor' && isEmpty(text.text)) blocks.push({ _: 'pageBlockAnchor', name: text.name })
      else if (!isEmpty(text)) blocks.push({ _: 'pageBlockParagraph', text })
    }
    for (const node of nodes) {
      if (!isElement(node) || !(RULES.isBlock(node.name, node.attributes) || node.hasBlock)) {
        line.push(node)
        continue
      }
      endLine()
      blocks.push(...this.#block(node))
    }
    endLine()
    return blocks
  }

  #text(nodes: readonly HtmlNode[]): tl.RichText {
    return nodes.length === 0 ? EMPTY : richText(nodes, this.#reading)
  }

  #block(element: HtmlElement): tl.PageBlock[] {
    const heading = HEADINGS[element.name]
    if (heading) return this.#texts(element, (text) => ({ _: heading, text }))
    if (isFile(element)) return this.#file(element, undefined)
    switch (element.name) {
      case 'footer':
        return this.#texts(element, (text) => ({ _: 'pageBlockFooter', text }))
      case 'hr':
        return [{ _: 'pageBlockDivider' }]
      case 'pre':
        return this.#preformatted(element)
      case 'ul':
        return this.#list(element)
      case 'ol':
        return this.#orderedList(element)
      case 'blockquote':
        return this.#quote(element)
      case 'aside': {
        const caption = this.#text(named(element, 'cite')?.children ?? [])
        return [{ _: 'pageBlockPullquote', text: this.#text(without(element, 'cite')), caption }]
      }
      case 'details': {
        const title = this.#text(named(element, 'summary')?.children ?? [])
        const open = element.attributes.open !== undefined || undefined
        return [{ _: 'pageBlockDetails', open, blocks: this.inside(without(element, 'summary')), title }]
      }
      case 'figure':
        return this.#figure(element)
      case 'table':
        return this.#table(element)
      case 'tg-collage':
      case 'tg-slideshow': {
        const items = this.inside(without(element, 'figcaption'))
        const kind = element.name === 'tg-collage' ? 'pageBlockCollage' : 'pageBlockSlideshow'
        return [{ _: kind, items, caption: this.#caption(named(element, 'figcaption')) }]
      }
      case 'tg-map':
        return [this.#map(element, undefined)]
      case 'tg-math-block':
        return [{ _: 'pageBlockMath', source: textOf(element, Number.MAX_SAFE_INTEGER).trim() }]
      default:
        return this.inside(element.children)
    }
  }

  /** One block of one text; files in between stand by themselves. */
  #texts(element: HtmlElement, make: (text: tl.RichText) => tl.PageBlock): tl.PageBlock[] {
    if (element.hasBlock) return this.inside(element.children)
    const text = this.#text(element.children)
    return isEmpty(text) ? [] : [make(text)]
  }

  #preformatted(element: HtmlElement): tl.PageBlock[] {
    const code = named(element, 'code')
    const [, language = ''] = /\blanguage-([^\s]{1,64})/.exec(code?.attributes.class ?? '') ?? []
    const text = plainText(textOf(element, Number.MAX_SAFE_INTEGER), this.#reading)
    return isEmpty(text) ? [] : [{ _: 'pageBlockPreformatted', text, language }]
  }

  #quote(element: HtmlElement): tl.PageBlock[] {
    const caption = this.#text(named(element, 'cite')?.children ?? [])
    const rest = without(element, 'cite')
    if (rest.some((node) => isElement(node) && (RULES.isBlock(node.name, node.attributes) || node.hasBlock))) {
      return [{ _: 'pageBlockBlockquoteBlocks', blocks: this.inside(rest), caption }]
    }
    const { collapsed, expandable } = element.attributes
    const folded = collapsed !== undefined || expandable !== undefined || undefined
    return [{ _: 'pageBlockBlockquote', collapsed: folded, text: this.#text(rest), caption }]
  }

  #items(element: HtmlElement): HtmlElement[] {
    return element.children.filter(isElement).filter((one) => one.name === 'li')
  }

  /** What an item of a list says, and whether it can be ticked off. */
  #item(item: HtmlElement) {
    const box = named(item, 'input')
    const tick = box?.attributes.type === 'checkbox' ? box : undefined
    const marks = { checkbox: tick && (true as const), checked: tick?.attributes.checked !== undefined || undefined }
    const blocks = this.inside(without(item, 'input'))
    const [first] = blocks
    if (blocks.length <= 1 && (first === undefined || first._ === 'pageBlockParagraph')) {
      return { ...marks, text: first?.text ?? EMPTY }
    }
    return { ...marks, blocks }
  }

  #list(element: HtmlElement): tl.PageBlock[] {
    const items = this.#items(element).map((one): tl.PageListItem => {
      const item = this.#item(one)
      return 'blocks' in item ? { _: 'pageListItemBlocks', ...item } : { _: 'pageListItemText', ...item }
    })
    return [{ _: 'pageBlockList', items }]
  }

  #orderedList(element: HtmlElement): tl.PageBlock[] {
    const items = this.#items(element).map((one): tl.PageListOrderedItem => {
      const item = { ...this.#item(one), value: wholeOf(one.attributes.value), type: listType(one) }
      return 'blocks' in item ? { _: 'pageListOrderedItemBlocks', ...item } : { _: 'pageListOrderedItemText', ...item }
    })
    const reversed = element.attributes.reversed !== undefined || undefined
    return [
      { _: 'pageBlockOrderedList', reversed, items, start: wholeOf(element.attributes.start), type: listType(element) },
    ]
  }

  #figure(element: HtmlElement): tl.PageBlock[] {
    const caption = named(element, 'figcaption')
    const file = element.children.filter(isElement).find((one) => isFile(one) || one.name === 'tg-map')
    if (file?.name === 'tg-map') return [this.#map(file, caption)]
    if (file) return this.#file(file, caption)
    return this.inside(element.children)
  }

  #caption(element: HtmlElement | undefined): tl.pageCaption {
    const credit = this.#text(element ? (named(element, 'cite')?.children ?? []) : [])
    return { _: 'pageCaption', text: this.#text(element ? without(element, 'cite') : []), credit }
  }

  #file(element: HtmlElement, captioned: HtmlElement | undefined): tl.PageBlock[] {
    const found = this.#media(element.attributes.src?.trim() ?? '')
    const caption = this.#caption(captioned)
    const spoiler = element.attributes['tg-spoiler'] !== undefined || undefined
    // What is nowhere to be found is refused when the blocks are checked: nothing has this number.
    if (!found) return [{ _: 'pageBlockPhoto', spoiler, photoId: 0n, caption }]
    if (found._ === 'photo') return [{ _: 'pageBlockPhoto', spoiler, photoId: found.id, caption }]
    if (found.attributes.some((one) => one._ === 'documentAttributeAudio')) {
      return [{ _: 'pageBlockAudio', audioId: found.id, caption }]
    }
    if (!found.mimeType.startsWith('video/') && found.mimeType !== 'image/gif') {
      return [{ _: 'pageBlockDocument', documentId: found.id, caption }]
    }
    const moving = found.attributes.some((one) => one._ === 'documentAttributeAnimated') || undefined
    return [{ _: 'pageBlockVideo', autoplay: moving, loop: moving, spoiler, videoId: found.id, caption }]
  }

  #map({ attributes }: HtmlElement, caption: HtmlElement | undefined): tl.PageBlock {
    const [lat, long] = [Number(attributes.lat ?? Number.NaN), Number(attributes.long ?? Number.NaN)]
    return {
      _: 'inputPageBlockMap',
      geo: { _: 'inputGeoPoint', lat, long },
      zoom: wholeOf(attributes.zoom) ?? 0,
      w: wholeOf(attributes.width) ?? 0,
      h: wholeOf(attributes.height) ?? 0,
      caption: this.#caption(caption),
    }
  }

  #table(element: HtmlElement): tl.PageBlock[] {
    const rows = [...rowsOf(element)].map((row): tl.PageTableRow => {
      const cells = row.children.filter(isElement).filter((one) => one.name === 'td' || one.name === 'th')
      return { _: 'pageTableRow', cells: cells.map((cell) => viewCell(cell, this.#reading)) }
    })
    const { bordered, striped, compact } = element.attributes
    return [
      {
        _: 'pageBlockTable',
        bordered: bordered !== undefined || undefined,
        striped: striped !== undefined || undefined,
        compact: compact !== undefined || undefined,
        title: this.#text(named(element, 'caption')?.children ?? []),
        rows,
      },
    ]
  }
}

const listType = ({ attributes: { type } }: HtmlElement): string | undefined =>
  type !== undefined && /^[aAiI1]$/.test(type) ? type : undefined
