import { createHash } from 'node:crypto'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { keepBytes, makeDocumentOf } from '../documents.ts'
import { documentRow, photoRow } from '../files.ts'
import { mp4Video } from '../mp4.ts'
import { makePhotoOf } from '../photos.ts'
import { type ArticleDraft, readArticle } from './article.ts'
import { articleRow } from './articles.ts'
import { type FetchBounds, FetchError, fetchPublic } from './fetch.ts'
import type { PageFacts } from './parse.ts'

const MiB = 1024 * 1024
const VIDEO_BYTES = 10 * MiB
/** Fetched side by side, and how long all of an article's pictures may take together, ms. */
const AT_ONCE = 4
const MS = 8000

/** An article as it is kept, and which picture is which photo. */
export interface LoadedArticle {
  page: tl.page
  pictures: string
}

/**
 * The article of a page with its pictures and videos, those of them that can be had in time; undefined where the page
 * has none.
 * @param pictures what one picture may cost
 * @param cover what the page is shown with, where its article has no picture of its own
 */
export async function loadArticle(
  ctx: Ctx,
  id: number,
  html: string,
  url: string,
  facts: PageFacts,
  pictures: FetchBounds,
  cover?: tl.photo | undefined,
): Promise<LoadedArticle | undefined> {
  const draft = await readArticle(html, url, facts)
  if (!draft) return undefined
  const known = new Map(Object.entries(JSON.parse((await articleRow(ctx, id))?.pictures ?? '{}') as object))
  const digests: Record<string, number> = {}
  const until = performance.now() + MS
  const kept = async (address: string, bounds: FetchBounds, make: (bytes: Buffer) => Promise<number | undefined>) => {
    const ms = until - performance.now()
    if (ms <= 0) return undefined
    try {
      const { body } = await fetchPublic(address, { ...bounds, ms: Math.min(ms, bounds.ms) })
      const digest = createHash('sha256').update(body).digest('hex').slice(0, 32)
      const made = known.get(digest) ?? digests[digest] ?? (await make(body))
      if (made !== undefined) digests[digest] = made
      return made
    } catch (error) {
      if (bounds.signal?.aborted || !(error instanceof FetchError)) throw error
      return undefined
    }
  }
  const films = { ...pictures, bytes: VIDEO_BYTES, types: ['video/mp4'] }
  const photos = await inParallel(draft.pictures, async (address) => {
    const found = await kept(address, pictures, (bytes) => photoOf(ctx, bytes))
    const row = found === undefined ? undefined : await photoRow(ctx, found)
    return row && (readObject(row.tl) as tl.photo)
  })
  const documents = await inParallel(draft.videos, async (address) => {
    const found = await kept(address, films, (bytes) => videoOf(ctx, bytes))
    const row = found === undefined ? undefined : await documentRow(ctx, found)
    return row && (readObject(row.tl) as tl.document)
  })
  const page = assemble(draft, url, photos, documents)
  if (cover && page.photos.length === 0) withCover(page, cover)
  return { page, pictures: JSON.stringify(digests) }
}

const HEAD: ReadonlySet<string> = new Set(['pageBlockTitle', 'pageBlockSubtitle', 'pageBlockAuthorDate'])

/** Puts a picture below what stands at the head of an article. */
function withCover(page: tl.page, photo: tl.photo): void {
  const at = page.blocks.findIndex((block) => !HEAD.has(block._))
  const none: tl.RichText = { _: 'textEmpty' }
  const shown: tl.PageBlock = {
    _: 'pageBlockPhoto',
    photoId: photo.id,
    caption: { _: 'pageCaption', text: none, credit: none },
  }
  page.blocks.splice(Math.max(at, 0), 0, { _: 'pageBlockCover', cover: shown })
  page.photos.push(photo)
}

export async function inParallel<T>(list: readonly string[], get: (address: string) => Promise<T>): Promise<T[]> {
  const found: T[] = []
  let next = 0
  const work = async () => {
    for (let i = next++; i < list.length; i = next++) found[i] = await get(list[i]!)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return found
}

async function photoOf(ctx: Ctx, bytes: Buffer): Promise<number | undefined> {
  try {
    return (await makePhotoOf(ctx, bytes)).id
  } catch (error) {
    if (error instanceof RpcError) return undefined
    throw error
  }
}

/** Keeps a video; what has no picture is none. */
async function videoOf(ctx: Ctx, bytes: Buffer): Promise<number | undefined> {
  const video = mp4Video(bytes)
  if (!video) return undefined
  const attributes = [{ _: 'documentAttributeVideo' as const, supportsStreaming: true, ...video }]
  return (await makeDocumentOf(ctx, await keepBytes(ctx, bytes, ''), { mimeType: 'video/mp4', attributes })).id
}

/** The draft with what could be had in the places of what was to be; blocks of the rest are left out. */
function assemble(
  draft: ArticleDraft,
  url: string,
  photos: readonly (tl.photo | undefined)[],
  documents: readonly (tl.document | undefined)[],
): tl.page {
  const placed = (blocks: readonly tl.PageBlock[]): tl.PageBlock[] => blocks.flatMap(place)
  const place = (block: tl.PageBlock): tl.PageBlock[] => {
    switch (block._) {
      case 'pageBlockPhoto': {
        const photo = photos[Number(block.photoId) - 1]
        return photo ? [{ ...block, photoId: photo.id }] : []
      }
      case 'pageBlockVideo': {
        const document = documents[Number(block.videoId) - 1]
        return document ? [{ ...block, videoId: document.id }] : []
      }
      case 'pageBlockCollage':
      case 'pageBlockSlideshow': {
        const items = placed(block.items)
        return items.length > 0 ? [{ ...block, items }] : []
      }
      case 'pageBlockDetails':
        return [{ ...block, blocks: placed(block.blocks) }]
      case 'pageBlockList':
        return [
          {
            ...block,
            items: block.items.map((one) => ('blocks' in one ? { ...one, blocks: placed(one.blocks) } : one)),
          },
        ]
      case 'pageBlockOrderedList':
        return [
          {
            ...block,
            items: block.items.map((one) => ('blocks' in one ? { ...one, blocks: placed(one.blocks) } : one)),
          },
        ]
      default:
        return [block]
    }
  }
  const each = <T extends { id: bigint }>(list: readonly (T | undefined)[]): T[] => [
    ...new Map(list.flatMap((one) => (one ? [[one.id, one] as const] : []))).values(),
  ]
  const blocks = placed(draft.blocks)
  return {
    _: 'page',
    rtl: draft.rtl || undefined,
    v2: true,
    url,
    blocks,
    photos: each(photos),
    documents: each(documents),
  }
}
