import type * as tl from '../../tl/gen/types.ts'
import { type Article, blocksOf, proseOf } from './blocks.ts'
import { classesOf, type HtmlElement, type HtmlPage, readHtml, textOf, within } from './html.ts'
import { dateOf, type PageFacts, webAddress } from './parse.ts'
import { isEmpty, lettersOf, richText } from './rich-text.ts'

/** An article, and what is to be fetched to show it: blocks name pictures by their places here, beginning at 1. */
export interface ArticleDraft {
  blocks: tl.PageBlock[]
  pictures: readonly string[]
  videos: readonly string[]
  rtl: boolean
}

/** What one article holds at most; what is beyond is left out. */
const ROOM = { characters: 200_000, blocks: 1000 }
export const PICTURES = 20
export const VIDEOS = 2
/** Less text than this, in paragraphs, is no article. */
const PROSE = 300
/** Elements that may be the article, looked at. */
const ARTICLES = 30
const SUBTITLES = new Set(['subtitle', 'subhead', 'subheading', 'dek', 'standfirst', 'alternativeheadline'])
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/gu

/**
 * The article of a page, for instant view; undefined where the page has none: it is one where the page says so, or
 * where one part of it holds most of its text. https://instantview.telegram.org/docs
 */
export async function readArticle(html: string, url: string, facts: PageFacts): Promise<ArticleDraft | undefined> {
  const page = await readHtml(html)
  const body = bodyOf(page.root, facts.type === 'article')
  if (!body) return undefined
  const base = webAddress(page.base, url) ?? url
  const room = { ...ROOM }
  const most = { pictures: PICTURES, videos: VIDEOS }
  const article: Article = { base, targets: page.targets, room, pictures: [], videos: [], most }
  const { head, used } = headOf(page, body, facts, article)
  const blocks = blocksOf(without(body, used), article)
  if (proseOf(blocks) < PROSE) return undefined
  const text = [...head, ...blocks].map((block) => ('text' in block ? lettersOf(block.text) : '')).join('')
  const rtl = (text.match(RTL)?.length ?? 0) > text.length / 3
  return { blocks: [...head, ...blocks], pictures: article.pictures, videos: article.videos, rtl }
}

/** Characters in the paragraphs of an element, those of articles within it left to them. */
function paragraphs(element: HtmlElement): number {
  let sum = 0
  for (const one of within(element)) if (one.name === 'p' && !one.hasBlock) sum += textOf(one).trim().length
  return sum
}

/** The part of the page that is its article. */
function bodyOf(root: HtmlElement, isArticle: boolean): HtmlElement | undefined {
  const all = within(root)
  const said = all.find((one) => one.attributes.itemprop === 'articleBody')
  if (said && paragraphs(said) >= PROSE) return outermost(said)
  const articles = all
    .filter((one) => one.name === 'article')
    .slice(0, ARTICLES)
    .map((one) => ({ one, prose: paragraphs(one) }))
  const best = articles.toSorted((a, b) => b.prose - a.prose)[0]
  if (best && best.prose >= PROSE) {
    // One among others of its kind is an entry of a list.
    const others = articles.filter(
      ({ one }) => one !== best.one && !isWithin(one, best.one) && !isWithin(best.one, one),
    )
    const rest = others.reduce((sum, { prose }) => sum + prose, 0)
    if (isArticle || rest < best.prose) return best.one
    return undefined
  }
  if (!isArticle) return undefined
  const main = all.find((one) => one.name === 'main' || one.attributes.role === 'main')
  if (main && paragraphs(main) >= PROSE) return main
  return densest(all)
}

/** The element right round most of the text. */
function densest(all: readonly HtmlElement[]): HtmlElement | undefined {
  const scores = new Map<HtmlElement, number>()
  for (const one of all) {
    if (one.name !== 'p' || one.hasBlock || !one.parent) continue
    const length = textOf(one).trim().length
    if (length < 25) continue
    scores.set(one.parent, (scores.get(one.parent) ?? 0) + length)
    const above = one.parent.parent
    if (above) scores.set(above, (scores.get(above) ?? 0) + length / 2)
  }
  let best: HtmlElement | undefined
  for (const [one, score] of scores) if (score >= PROSE && score > (best ? scores.get(best)! : 0)) best = one
  return best
}

function isWithin(inner: HtmlElement, outer: HtmlElement): boolean {
  for (let up = inner.parent; up; up = up.parent) if (up === outer) return true
  return false
}

/** The article round its body, which holds its title and its author, too. */
function outermost(body: HtmlElement): HtmlElement {
  for (let up = body.parent; up; up = up.parent) if (up.name === 'article') return up
  return body
}

/** Title, subtitle, author and date, and the elements that said them. */
function headOf(page: HtmlPage, body: HtmlElement, facts: PageFacts, article: Article) {
  const head: tl.PageBlock[] = []
  const used = new Set<HtmlElement>()
  const inside = within(body)
  const title = inside.find((one) => one.name === 'h1')
  const shown = title ? richText(title.children, article) : undefined
  if (title) used.add(title)
  if (shown && !isEmpty(shown)) head.push({ _: 'pageBlockTitle', text: shown })
  else if (facts.title) head.push({ _: 'pageBlockTitle', text: { _: 'textPlain', text: facts.title } })
  const subtitle = inside.find((one) => !one.hasPicture && classesOf(one).some((word) => SUBTITLES.has(word)))
  const below = subtitle && richText(subtitle.children, article)
  if (below && !isEmpty(below)) {
    used.add(subtitle)
    head.push({ _: 'pageBlockSubtitle', text: below })
  }
  const time = inside.find((one) => one.name === 'time' && one.attributes.datetime)
  if (time) used.add(time)
  const named = within(page.root).find((one) => one.attributes.rel === 'author' || one.attributes.itemprop === 'author')
  const author = facts.author ?? (named && textOf(named, 200).replace(/\s+/g, ' ').trim().slice(0, 100))
  const publishedDate = facts.published ?? dateOf(time?.attributes.datetime) ?? 0
  if (author || publishedDate) {
    const by: tl.RichText = author ? { _: 'textPlain', text: author } : { _: 'textEmpty' }
    head.push({ _: 'pageBlockAuthorDate', author: by, publishedDate })
  }
  return { head, used }
}

/** An element without some that are somewhere in it. */
function without(element: HtmlElement, gone: ReadonlySet<HtmlElement>): HtmlElement {
  const children = element.children
    .filter((child) => typeof child === 'string' || !gone.has(child))
    .map((child) => (typeof child === 'string' ? child : without(child, gone)))
  return { ...element, children }
}
