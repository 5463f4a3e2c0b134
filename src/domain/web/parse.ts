import { Parser } from 'htmlparser2'
import { OPEN } from './html.ts'

/** What a page says of itself, cleaned and cut; addresses are absolute and of the web. */
export interface PageFacts {
  siteName?: string | undefined
  title?: string | undefined
  description?: string | undefined
  author?: string | undefined
  image?: string | undefined
  /** The page wants its picture shown large. */
  largeImage: boolean
  /** As og:type has it. */
  type?: string | undefined
  /** A player to be shown in a frame. */
  embed?: { url: string; type: string; width?: number | undefined; height?: number | undefined } | undefined
  /** Seconds. */
  duration?: number | undefined
  /** When it was published, unix seconds. */
  published?: number | undefined
}

const TITLE = 300
const DESCRIPTION = 600
const NAME = 100
/** Most tags of a page that are looked at: what describes it stands at its beginning. */
const METAS = 300

/** Spaces and control characters become one space each; cut at a whole character. */
export function tidy(text: string | undefined, length: number): string | undefined {
  const clean = text?.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim()
  if (!clean) return undefined
  if (clean.length <= length) return clean
  const cut = clean.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')
  return `${cut.trimEnd()}…`
}

export function webAddress(given: string | undefined, base: string): string | undefined {
  const text = given?.trim()
  if (!text || text.length > 2048 || !URL.canParse(text, base)) return undefined
  const url = new URL(text, base)
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username || url.password) return undefined
  return url.href
}

const wholeNumber = (text: string | undefined, most: number): number | undefined => {
  const n = text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : 0
  return n > 0 && n <= most ? n : undefined
}

/** The charset that a page names in its first bytes, where its answer's headers name none. */
export function charsetOf(body: Buffer): string | undefined {
  const head = body.subarray(0, 2048).toString('latin1')
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(head)?.[1]
}

/** Text of bytes, in whatever charset; UTF-8 for what is unknown. */
export function decodeText(body: Buffer, charset: string | undefined): string {
  try {
    return new TextDecoder(charset ?? charsetOf(body) ?? 'utf-8').decode(body)
  } catch {
    return new TextDecoder('utf-8').decode(body)
  }
}

/**
 * What an HTML page says of itself: Open Graph first, then Twitter's cards, then plain HTML. https://ogp.me
 * @param base where the page was found, for relative addresses
 */
export function parsePage(html: string, base: string): PageFacts {
  const metas = new Map<string, string>()
  let title = ''
  let icon: string | undefined
  let inTitle = false
  let drawing = 0
  let count = 0
  let open = 0
  const parser = new Parser({
    onopentag(name, attributes) {
      if (++open > OPEN) return parser.pause()
      // A drawing's title is not the page's.
      if (name === 'svg') drawing++
      if (name === 'title' && drawing === 0 && title === '') inTitle = true
      if (name === 'link' && attributes.rel?.toLowerCase() === 'image_src') icon ??= attributes.href
      if (name !== 'meta' || count++ > METAS) return
      const key = (attributes.property ?? attributes.name ?? attributes.itemprop)?.toLowerCase()
      if (key && attributes.content !== undefined && !metas.has(key)) metas.set(key, attributes.content)
    },
    ontext(text) {
      if (inTitle && title.length < 4 * TITLE) title += text
    },
    onclosetag(name) {
      open--
      if (name === 'svg') drawing--
      if (name === 'title') inTitle = false
    },
  })
  parser.end(html)
  const first = (...names: string[]) => names.map((name) => metas.get(name)).find((value) => value?.trim())
  const image = first('og:image:secure_url', 'og:image:url', 'og:image', 'twitter:image', 'twitter:image:src', 'image')
  return {
    siteName: tidy(first('og:site_name', 'application-name'), NAME),
    title: tidy(first('og:title', 'twitter:title') ?? title, TITLE),
    description: tidy(first('og:description', 'twitter:description', 'description'), DESCRIPTION),
    author: tidy(first('author', 'article:author', 'twitter:creator')?.replace(/^https?:\S+$/, ''), NAME),
    image: webAddress(image ?? icon, base),
    largeImage: first('twitter:card') === 'summary_large_image',
    type: tidy(first('og:type'), NAME),
    embed: embedOf(first, base),
    published: dateOf(first('article:published_time', 'datepublished', 'date', 'dc.date')),
    duration: wholeNumber(first('og:video:duration', 'video:duration'), 1_000_000),
  }
}

/** A date as pages write it, in unix seconds. */
export function dateOf(text: string | undefined): number | undefined {
  const ms = text && text.length < 40 ? Date.parse(text) : Number.NaN
  return ms > 0 && ms < 0x7fffffff * 1000 ? Math.floor(ms / 1000) : undefined
}

function embedOf(first: (...names: string[]) => string | undefined, base: string): PageFacts['embed'] {
  const url = webAddress(first('og:video:secure_url', 'og:video:url', 'og:video', 'twitter:player'), base)
  if (!url?.startsWith('https:')) return undefined
  const type = first('og:video:type') ?? (first('twitter:player') ? 'text/html' : undefined)
  if (type !== 'text/html' && type !== 'video/mp4') return undefined
  const width = wholeNumber(first('og:video:width', 'twitter:player:width'), 10_000)
  const height = wholeNumber(first('og:video:height', 'twitter:player:height'), 10_000)
  const sides = width && height ? { width, height } : undefined
  return { url, type: type === 'text/html' ? 'iframe' : type, ...sides }
}
