import { createHash } from 'node:crypto'
import type { App } from '../../rpc/app.ts'
import { type Ctx, systemCtx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { atRest } from '../message-view.ts'
import { makePhotoOf } from '../photos.ts'
import { sampleOf } from './articles.ts'
import { documentOf, FILE } from './external.ts'
import { type FetchBounds, FetchError, type Fetched, fetchPublic, PICTURES } from './fetch.ts'
import { type LoadedArticle, loadArticle } from './load-article.ts'
import { articleAt, ownPath, type Shown, shownByLink } from './own-links.ts'
import { type FoundPage, finishPage, isDue, type PageRow, pageRow } from './pages.ts'
import { decodeText, type PageFacts, parsePage } from './parse.ts'

const KiB = 1024
/** What describes a page stands at its beginning, and few articles are longer: no more of it is read. */
const PAGE_BYTES = KiB * KiB
const PICTURE_BYTES = 5 * KiB * KiB
const MS = 10_000
const REDIRECTS = 5
const HTML = ['text/html', 'application/xhtml+xml']
/** Files that are played where they are linked to, by the ends of their addresses. */
const PLAYED: Record<string, string> = { mp4: 'video/mp4', mp3: 'audio/mpeg' }
/** Seconds until a page is fetched again when somebody sends it, and until one that could not be is tried again. */
const GOOD_FOR = 86_400
const BAD_FOR = 600
/** The same of what a link into this server shows. */
const OWN_FOR = 600
const OWN_BAD_FOR = 10
/** A picture with sides like these can be shown large. */
const LARGE_SIDE = 300

/** Fetches a page, makes its preview and tells whoever waits for it. */
export async function loadPage(app: App, id: number, account: number, signal: AbortSignal): Promise<void> {
  const ctx = systemCtx(app, account)
  const row = await pageRow(ctx, id)
  if (!row) return
  // Another has fetched it meanwhile: those who came to wait since then are still to be told.
  if (!isDue(ctx, row))
    return finishPage(ctx, id, row.tl ? { tl: row.tl, article: 'as it was' } : undefined, row.expires_at)
  const article = articleAt(row.url)
  const own = article ? undefined : ownPath(row.url)
  if (own) {
    const shown = await shownByLink(ctx, own)
    return finishPage(ctx, id, shown && finished(row, shown), ctx.now + (shown ? OWN_FOR : OWN_BAD_FOR))
  }
  const page = await makePage(ctx, row, article ?? row.url, signal).catch((error) => {
    if (signal.aborted || !(error instanceof FetchError)) throw error
    app.log.debug({ err: error, page: id }, 'no preview')
    return undefined
  })
  const expires = ctx.now + (page ? GOOD_FOR : BAD_FOR)
  await finishPage(ctx, id, page, expires)
}

async function makePage(ctx: Ctx, row: PageRow, at: string, signal: AbortSignal): Promise<FoundPage | undefined> {
  const allowed = ctx.app.previewHosts
  const bounds: FetchBounds = { bytes: PAGE_BYTES, ms: MS, redirects: REDIRECTS, types: HTML, signal, allowed }
  const pictures: FetchBounds = { ...bounds, bytes: PICTURE_BYTES, whole: true, types: PICTURES }
  const found = await fetchPublic(at, { ...bounds, types: [...HTML, ...PICTURES], ...sizeFor(at) })
  if (found.type === playedAt(at)) {
    const shown = await played(ctx, found)
    return shown && finished(row, shown)
  }
  if (found.type.startsWith('image/')) return finished(row, { type: 'photo', photo: await photoOf(ctx, found) })
  const html = decodeText(found.body.subarray(0, PAGE_BYTES), found.charset)
  const facts = parsePage(html, found.url)
  if (!facts.title && !facts.description && !facts.image) return undefined
  const picture = facts.image ? await fetchPublic(facts.image, pictures).catch(withoutIt(signal)) : undefined
  const photo = picture && (await photoOf(ctx, picture))
  const article = await loadArticle(ctx, row.id, html, found.url, facts, pictures, photo)
  return finished(row, { ...described(facts, found.url), photo }, article)
}

function playedAt(url: string): string | undefined {
  const end = new URL(url).pathname.toLowerCase().split('.').at(-1)!
  return Object.hasOwn(PLAYED, end) ? PLAYED[end] : undefined
}

/** A link that looks like one to a picture, or a video, may lead to as much as that may be. */
function sizeFor(url: string): Partial<FetchBounds> {
  const type = playedAt(url)
  if (type) return { bytes: FILE.bytes, ms: FILE.ms, whole: true, types: [type, ...HTML] }
  return /\.(jpe?g|png|webp|gif)$/i.test(new URL(url).pathname) ? { bytes: PICTURE_BYTES, whole: true } : {}
}

/** A video or music that is linked to; undefined for what only calls itself that. */
async function played(ctx: Ctx, found: Fetched): Promise<Shown | undefined> {
  const row = await documentOf(ctx, found).catch((error) => {
    if (!(error instanceof RpcError)) throw error
  })
  const document = row && (readObject(row.tl) as tl.document)
  const has = (name: tl.DocumentAttribute['_']) => document?.attributes.find((a) => a._ === name)
  const type = has('documentAttributeVideo') ? 'video' : has('documentAttributeAudio') ? 'audio' : undefined
  if (!document || !type) return undefined
  const named = has('documentAttributeFilename') as tl.documentAttributeFilename | undefined
  return { type, siteName: siteOf(found.url), title: named?.fileName, document }
}

const siteOf = (url: string): string => new URL(url).hostname.replace(/^www\./, '')

const withoutIt =
  (signal: AbortSignal) =>
  (error: unknown): undefined => {
    if (signal.aborted || !(error instanceof FetchError)) throw error
  }

async function photoOf(ctx: Ctx, picture: Fetched): Promise<tl.photo | undefined> {
  try {
    return readObject((await makePhotoOf(ctx, picture.body)).tl) as tl.photo
  } catch (error) {
    if (error instanceof RpcError) return undefined
    throw error
  }
}

function described(facts: PageFacts, url: string): Shown {
  const { embed } = facts
  return {
    type: embed ? 'video' : facts.type === 'profile' ? 'profile' : 'article',
    siteName: facts.siteName ?? siteOf(url),
    title: facts.title,
    description: facts.description,
    author: facts.author,
    embedUrl: embed?.url,
    embedType: embed?.type,
    embedWidth: embed?.width,
    embedHeight: embed?.height,
    duration: embed && facts.duration,
  }
}

function finished(row: PageRow, shown: Shown, article?: LoadedArticle): FoundPage | undefined {
  if (shown.type === 'photo' && !shown.photo) return undefined
  const { host, pathname, search } = new URL(articleAt(row.url) ?? row.url)
  const page: tl.webPage = {
    _: 'webPage',
    ...shown,
    id: BigInt(row.id),
    url: row.url,
    displayUrl: `${host.replace(/^www\./, '')}${pathname}${search}`.replace(/\/$/, ''),
    hash: 0,
    // The picture of a channel is a small round one.
    hasLargeMedia: (!shown.type?.startsWith('telegram_') && isLarge(shown.photo)) || undefined,
    cachedPage: article && sampleOf(article.page),
  }
  const whole = article && { tl: atRest(article.page), pictures: article.pictures }
  const digest = createHash('sha256').update(atRest(page))
  if (whole) digest.update(whole.tl)
  page.hash = digest.digest().readUInt32LE() >>> 1 || 1
  return { tl: atRest(page), article: whole }
}

function isLarge(photo: tl.Photo | undefined): boolean {
  if (photo?._ !== 'photo') return false
  return photo.sizes.some((size) => 'w' in size && size.w >= LARGE_SIDE && size.h >= LARGE_SIDE / 2)
}
