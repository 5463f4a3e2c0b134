/** What part of a list, ordered from the newest, a client asks for. https://core.telegram.org/api/offsets */
export interface Page {
  offsetId: number
  offsetDate?: number
  addOffset: number
  limit: number
  maxId?: number
  minId?: number
}

/**
 * Whether a client asks where a message stands, which it does by a page of that message alone: to count what is newer
 * would cost too much with each page of a history.
 */
export const asksPosition = ({ offsetId, addOffset, limit }: Page): boolean =>
  offsetId > 0 && addOffset === -1 && limit === 1

/** Two ways to read the list, on either side of the page's offset. */
export interface PageSource<R> {
  /** Results that come after the offset's own: the newest first, without the first `skip`. */
  older(skip: number, limit: number): Promise<R[]>
  /** Results up to the offset's own, which is among them: the oldest first, without the first `skip`. */
  newer(skip: number, limit: number): Promise<R[]>
}

const USUAL = 20
const MOST = 100
/** Further than this nothing is looked for. */
const FURTHEST = 100_000

/** How many results a limit asks for: 0 and less ask for some 20, nothing gets more than 100. */
export function pageLimit(limit: number, most = MOST): number {
  return limit > 0 ? Math.min(limit, most) : Math.min(USUAL, most)
}

/**
 * One page of a list, the newest first. The offset is the number of results up to `offsetId` (or as new as
 * `offsetDate`), plus `addOffset`; what of the page lies before the list's beginning is lost to it. `maxId` and `minId`
 * thin the page out afterwards. https://core.telegram.org/api/offsets
 */
export async function readPage<R extends { id: number }>(page: Page, source: PageSource<R>): Promise<R[]> {
  const limit = pageLimit(page.limit)
  const rows = page.addOffset >= 0 ? await backward(page, limit, source) : await around(page, limit, source)
  const { maxId = 0, minId = 0 } = page
  if (maxId <= 0 && minId <= 0) return rows
  return rows.filter((row) => (maxId <= 0 || row.id < maxId) && (minId <= 0 || row.id > minId))
}

async function backward<R>(page: Page, limit: number, source: PageSource<R>): Promise<R[]> {
  return page.addOffset > FURTHEST ? [] : source.older(page.addOffset, limit)
}

async function around<R>(page: Page, limit: number, source: PageSource<R>): Promise<R[]> {
  const wanted = -page.addOffset
  if (wanted > FURTHEST) return []
  const bounded = page.offsetId > 0 || (page.offsetDate ?? 0) > 0
  // The page ends before it comes back to the offset: of what is newer only its far end counts.
  if (wanted >= limit) return bounded ? (await source.newer(wanted - limit, limit)).reverse() : []
  const newer = bounded ? (await source.newer(0, wanted)).reverse() : []
  // Where fewer are newer than the page reaches back, it begins before the list does.
  return [...newer, ...(await source.older(0, limit - wanted))]
}
