import type * as tl from '../../tl/gen/types.ts'
import { BLOCKS, classesOf, type HtmlElement, type HtmlNode, textOf, within } from './html.ts'
import { webAddress } from './parse.ts'
import { isEmpty, isTarget, lettersOf, plainText, type Reading, richText } from './rich-text.ts'
import { tableOf } from './tables.ts'

/** An article being read: its text, and the pictures and videos that are to be fetched for it. */
export interface Article extends Reading {
  /** Addresses; a block names its picture by the place here, plus one, until the picture is there. */
  readonly pictures: string[]
  readonly videos: string[]
  readonly most: { pictures: number; videos: number }
}

/** Blocks within blocks. */
const DEPTH = 5
const ITEMS = 200
/** A picture smaller than this is a sign, not a picture. */
const SMALL = 50
const SLIDES = new Set(['gallery', 'slideshow', 'carousel', 'slider', 'swiper'])
const LEFT_OUT = new Set([
  ...['share', 'sharing', 'social', 'sidebar', 'newsletter', 'breadcrumb', 'breadcrumbs', 'advertisement', 'ad'],
  ...['comments', 'related', 'recommended', 'byline', 'author', 'headline'],
])
const HEADINGS: Record<string, 'pageBlockHeader' | 'pageBlockSubheader'> = {
  ...{ h1: 'pageBlockHeader', h2: 'pageBlockHeader' },
  ...{ h3: 'pageBlockSubheader', h4: 'pageBlockSubheader', h5: 'pageBlockSubheader', h6: 'pageBlockSubheader' },
}

const EMPTY: tl.textEmpty = { _: 'textEmpty' }
const NO_CAPTION: tl.pageCaption = { _: 'pageCaption', text: EMPTY, credit: EMPTY }

/** What an element holds, as the blocks of a page. https://instantview.telegram.org/docs */
export function blocksOf(element: HtmlElement, article: Article, depth = 0): tl.PageBlock[] {
  const blocks: tl.PageBlock[] = []
  let line: HtmlNode[] = []
  const endLine = () => {
    if (line.length === 0) return
    const text = richText(line, article)
    line = []
    if (!isEmpty(text)) blocks.push(...count(article, [{ _: 'pageBlockParagraph', text }]))
  }
  for (const child of element.children) {
    if (article.room.blocks <= 0 || article.room.characters <= 0) break
    const stands =
      typeof child !== 'string' &&
      (BLOCKS.has(child.name) || child.name === 'img' || child.hasBlock || child.hasPicture)
    if (!stands) {
      line.push(child)
      continue
    }
    endLine()
    if (isLeftOut(child)) continue
    if (BLOCKS.has(child.name) && isTarget(child, article)) {
      const name = child.attributes.id ?? child.attributes.name!
      blocks.push(...count(article, [{ _: 'pageBlockAnchor', name }]))
    }
    blocks.push(...blockOf(child, article, depth))
  }
  endLine()
  return blocks
}

const isLeftOut = (element: HtmlElement): boolean =>
  element.name === 'footer' || classesOf(element).some((word) => LEFT_OUT.has(word))

function blockOf(element: HtmlElement, article: Article, depth: number): tl.PageBlock[] {
  if (depth >= DEPTH) return count(article, paragraph(element, article))
  const heading = HEADINGS[element.name]
  if (heading) {
    const text = richText(element.children, article)
    return isEmpty(text) ? [] : count(article, [{ _: heading, text }])
  }
  switch (element.name) {
    case 'img':
      return count(article, photo(element, article, NO_CAPTION))
    case 'video':
      return count(article, video(element, article, NO_CAPTION))
    case 'hr':
      return count(article, [{ _: 'pageBlockDivider' }])
    case 'pre':
      return count(article, preformatted(element, article))
    case 'ul':
      return count(article, list(element, article, depth))
    case 'ol':
      return count(article, orderedList(element, article, depth))
    case 'blockquote':
      return count(article, quote(element, article))
    case 'aside':
      return isPull(element) ? count(article, quote(element, article)) : []
    case 'figure':
      return figure(element, article, depth)
    case 'details':
      return count(article, details(element, article, depth))
    case 'table': {
      const table = tableOf(element, article)
      return table ? count(article, table) : blocksOf(element, article, depth)
    }
    case 'dt':
      return count(article, term(element, article))
    case 'a':
      return link(element, article, depth)
    default:
      return isGallery(element) ? figure(element, article, depth) : blocksOf(element, article, depth)
  }
}

/** New blocks take room; those that are handed on have taken theirs. */
function count(article: Article, blocks: tl.PageBlock[]): tl.PageBlock[] {
  article.room.blocks -= blocks.length
  return blocks
}

function paragraph(element: HtmlElement, article: Article): tl.PageBlock[] {
  const text = richText(element.children, article)
  return isEmpty(text) ? [] : [{ _: 'pageBlockParagraph', text }]
}

function term(element: HtmlElement, article: Article): tl.PageBlock[] {
  const text = richText(element.children, article)
  return isEmpty(text) ? [] : [{ _: 'pageBlockParagraph', text: { _: 'textBold', text } }]
}

function preformatted(element: HtmlElement, article: Article): tl.PageBlock[] {
  const text = plainText(textOf(element, article.room.characters), article)
  const named = [element, ...within(element)].map((one) =>
    /\blang(?:uage)?-([\w+#.-]{1,30})/.exec(one.attributes.class ?? ''),
  )
  const language = named.find((found) => found)?.[1] ?? ''
  return isEmpty(text) ? [] : [{ _: 'pageBlockPreformatted', text, language }]
}

const items = (element: HtmlElement): HtmlElement[] =>
  element.children
    .filter((child): child is HtmlElement => typeof child !== 'string' && child.name === 'li')
    .slice(0, ITEMS)

/** Whether an item of a list is more than one text. */
const isLong = (item: HtmlElement): boolean => item.hasPicture || (item.hasBlock && !holdsOneText(item))

function holdsOneText(item: HtmlElement): boolean {
  const inner = item.children.filter((child) => typeof child !== 'string' || child.trim() !== '')
  const [only] = inner
  return inner.length === 1 && typeof only === 'object' && only.name === 'p' && !only.hasBlock
}

function list(element: HtmlElement, article: Article, depth: number): tl.PageBlock[] {
  const found: tl.PageListItem[] = []
  for (const item of items(element)) {
    if (article.room.blocks-- <= 0) break
    const blocks = isLong(item) ? blocksOf(item, article, depth + 1) : []
    const text = blocks.length > 0 ? EMPTY : richText(item.children, article)
    if (blocks.length > 0) found.push({ _: 'pageListItemBlocks', blocks })
    else if (!isEmpty(text)) found.push({ _: 'pageListItemText', text })
  }
  return found.length > 0 ? [{ _: 'pageBlockList', items: found }] : []
}

function orderedList(element: HtmlElement, article: Article, depth: number): tl.PageBlock[] {
  const found: tl.PageListOrderedItem[] = []
  const { start, reversed } = element.attributes
  const all = items(element)
  const step = reversed === undefined ? 1 : -1
  let number = wholeOf(start) ?? (step > 0 ? 1 : all.length)
  for (const item of all) {
    if (article.room.blocks-- <= 0) break
    number = wholeOf(item.attributes.value) ?? number
    const num = String(number)
    number += step
    const blocks = isLong(item) ? blocksOf(item, article, depth + 1) : []
    const text = blocks.length > 0 ? EMPTY : richText(item.children, article)
    if (blocks.length > 0) found.push({ _: 'pageListOrderedItemBlocks', num, blocks })
    else if (!isEmpty(text)) found.push({ _: 'pageListOrderedItemText', num, text })
  }
  return found.length > 0 ? [{ _: 'pageBlockOrderedList', items: found }] : []
}

const wholeOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d{1,6}$/.test(text.trim()) ? Number(text) : undefined

const isPull = (element: HtmlElement): boolean =>
  classesOf(element).some((word) => word === 'pullquote' || word === 'pull' || word === 'quote')

const QUOTED = new Set(['cite', 'footer', 'figcaption'])

function quote(element: HtmlElement, article: Article, said?: tl.RichText): tl.PageBlock[] {
  const isSaid = (node: HtmlNode) => typeof node === 'object' && QUOTED.has(node.name)
  const caption = said ?? richText(element.children.filter(isSaid), article)
  const text = richText(
    element.children.filter((node) => !isSaid(node)),
    article,
  )
  if (isEmpty(text)) return []
  const isPulled =
    classesOf(element).some((word) => word === 'pullquote' || word === 'pull') || element.name === 'aside'
  return [{ _: isPulled ? 'pageBlockPullquote' : 'pageBlockBlockquote', text, caption }]
}

function details(element: HtmlElement, article: Article, depth: number): tl.PageBlock[] {
  const isSummary = (node: HtmlNode): node is HtmlElement => typeof node === 'object' && node.name === 'summary'
  const title = richText(element.children.find(isSummary)?.children ?? [], article)
  const rest = { ...element, children: element.children.filter((node) => !isSummary(node)) }
  const blocks = blocksOf(rest, article, depth + 1)
  if (blocks.length === 0) return []
  return [{ _: 'pageBlockDetails', open: element.attributes.open !== undefined || undefined, blocks, title }]
}

const isGallery = (element: HtmlElement): boolean =>
  element.hasPicture &&
  classesOf(element).some((word) => SLIDES.has(word)) &&
  within(element).filter((one) => one.name === 'img').length > 1 &&
  !within(element).some((one) => one.name === 'p')

/** One picture or several with a caption; or a quote, a table or code with one. */
function figure(element: HtmlElement, article: Article, depth: number): tl.PageBlock[] {
  const all = within(element)
  const caption = captionOf(
    all.find((one) => one.name === 'figcaption'),
    article,
  )
  const inner = (name: string) => all.find((one) => one.name === name)
  const quoted = inner('blockquote')
  if (quoted) return quote(quoted, article, caption.text)
  const pictures = all.filter((one) => one.name === 'img')
  const media: tl.PageBlock[] = []
  const single = pictures.length === 1 ? caption : NO_CAPTION
  for (const one of pictures) media.push(...photo(one, article, single))
  if (media.length > 1) {
    const slides = all.concat(element).some((one) => classesOf(one).some((word) => SLIDES.has(word)))
    return [{ _: slides ? 'pageBlockSlideshow' : 'pageBlockCollage', items: media, caption }]
  }
  if (media.length === 1) return media
  const film = inner('video')
  if (film) return video(film, article, caption)
  const rest = {
    ...element,
    children: element.children.filter((n) => typeof n === 'string' || n.name !== 'figcaption'),
  }
  const blocks = blocksOf(rest, article, depth)
  if (blocks.length > 0 && !isEmpty(caption.text)) blocks.push({ _: 'pageBlockParagraph', text: caption.text })
  return blocks
}

function captionOf(element: HtmlElement | undefined, article: Article): tl.pageCaption {
  if (!element) return NO_CAPTION
  const isCredit = (node: HtmlNode): boolean =>
    typeof node === 'object' &&
    (node.name === 'cite' || classesOf(node).some((word) => word === 'credit' || word === 'copyrightholder'))
  const text = richText(
    element.children.filter((node) => !isCredit(node)),
    article,
  )
  return { _: 'pageCaption', text, credit: richText(element.children.filter(isCredit), article) }
}

/** A link round a picture is the picture's; round blocks it is none. */
function link(element: HtmlElement, article: Article, depth: number): tl.PageBlock[] {
  const url = webAddress(element.attributes.href, article.base)
  const blocks = blocksOf(element, article, depth)
  for (const block of blocks) if (url && block._ === 'pageBlockPhoto') Object.assign(block, { url, webpageId: 0n })
  return blocks
}

/** The first of the addresses that a picture has, as the page's own first, and larger ones for larger screens. */
function sourceOf({ attributes }: HtmlElement): string | undefined {
  const own = attributes.src?.startsWith('data:') ? undefined : attributes.src
  return attributes['data-src'] ?? own ?? attributes.srcset?.trim().split(/[\s,]/)[0]
}

function photo(element: HtmlElement, article: Article, caption: tl.pageCaption): tl.PageBlock[] {
  const { width, height } = element.attributes
  const isSmall = (side: string | undefined) => side !== undefined && /^\d+$/.test(side) && Number(side) < SMALL
  const url = webAddress(sourceOf(element), article.base)
  if (!url || isSmall(width) || isSmall(height)) return []
  const at = placeOf(article.pictures, url, article.most.pictures)
  return at === undefined ? [] : [{ _: 'pageBlockPhoto', photoId: BigInt(at), caption }]
}

function video(element: HtmlElement, article: Article, caption: tl.pageCaption): tl.PageBlock[] {
  const sources = [element, ...within(element)].filter((one) => one.attributes.src)
  const found = sources.find((one) => one.attributes.type === 'video/mp4') ?? sources[0]
  const url = webAddress(found?.attributes.src, article.base)
  const at = url && placeOf(article.videos, url, article.most.videos)
  return at === undefined || at === '' ? [] : [{ _: 'pageBlockVideo', videoId: BigInt(at), caption }]
}

/** Where an address is in a list, beginning at 1; undefined where it is not and there is no room for it. */
function placeOf(list: string[], url: string, most: number): number | undefined {
  const known = list.indexOf(url)
  if (known >= 0) return known + 1
  return list.length < most ? list.push(url) : undefined
}

/** The characters of blocks that are paragraphs. */
export const proseOf = (blocks: readonly tl.PageBlock[]): number =>
  blocks.reduce((sum, block) => sum + (block._ === 'pageBlockParagraph' ? lettersOf(block.text).length : 0), 0)
