import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import {
  type Check,
  checkName,
  checkText,
  deeper,
  EMPTY,
  type Given,
  type RichLimits,
  takeMedia,
  takeText,
} from './check-text.ts'
import { itemLabels } from './labels.ts'

const LANGUAGE = 64
const SPAN = 1000
/** A map without sides, and the longest side of one; how far one may look into it. */
const MAP = { w: 600, h: 300, most: 1024, zoom: 24, usual: 15 }

/**
 * The blocks of a rich message as they are kept, or why they cannot be: RICH_MESSAGE_EMPTY, _TEXT_TOO_LONG,
 * _BLOCKS_TOO_MANY, _DEPTH_INVALID, _MEDIA_TOO_MANY, _TABLE_COLS_TOO_MANY, _CONTENT_REQUIRED, _PHOTO_INVALID and what
 * checkText says; RICH_VALIDATE_CTOR_NOT_ALLOWED for blocks that only web pages have.
 * https://core.telegram.org/bots/api#rich-message-formatting-options
 */
export function checkBlocks(
  blocks: readonly tl.PageBlock[],
  given: Given,
  max: RichLimits,
): Check & { kept: tl.PageBlock[] } {
  const check: Check = {
    max,
    given,
    characters: 0,
    blocks: 0,
    media: 0,
    shows: false,
    photos: new Set(),
    documents: new Set(),
    users: new Set(),
    names: new Set(),
  }
  const kept = inside(check, blocks, 0)
  if (!check.shows) throw new RpcError('RICH_MESSAGE_EMPTY')
  return { ...check, kept }
}

const inside = (check: Check, blocks: readonly tl.PageBlock[], depth: number): tl.PageBlock[] =>
  blocks.map((block) => checkBlock(check, block, depth))

function takeBlock(check: Check): void {
  if (++check.blocks > check.max.blocks) throw new RpcError('RICH_MESSAGE_BLOCKS_TOO_MANY')
}

/** Blocks that hold others must hold some. */
function some<T>(list: readonly T[]): readonly T[] {
  if (list.length === 0) throw new RpcError('RICH_MESSAGE_CONTENT_REQUIRED')
  return list
}

function checkBlock(check: Check, block: tl.PageBlock, depth: number): tl.PageBlock {
  takeBlock(check)
  const text = (given: tl.RichText) => checkText(check, given, depth, true)
  const quoted = (given: tl.RichText) => checkText(check, given, deeper(check, depth), true)
  const nested = (given: readonly tl.PageBlock[]) => inside(check, some(given), deeper(check, depth))
  switch (block._) {
    case 'pageBlockParagraph':
    case 'pageBlockFooter':
    case 'pageBlockHeading1':
    case 'pageBlockHeading2':
    case 'pageBlockHeading3':
    case 'pageBlockHeading4':
    case 'pageBlockHeading5':
    case 'pageBlockHeading6':
      return { _: block._, text: text(block.text) }
    case 'pageBlockPreformatted': {
      const language = block.language.replace(/[\s\p{Cc}]/gu, '').slice(0, LANGUAGE)
      return { _: block._, text: checkText(check, block.text, depth, false), language }
    }
    case 'pageBlockDivider':
      return { _: block._ }
    case 'pageBlockAnchor':
      return { _: block._, name: checkName(block.name) }
    case 'pageBlockMath':
      if (block.source.trim() === '') throw new RpcError('RICH_MESSAGE_CONTENT_REQUIRED')
      return { _: block._, source: takeText(check, block.source) }
    case 'pageBlockBlockquote':
      return { ...block, text: quoted(block.text), caption: quoted(block.caption) }
    case 'pageBlockPullquote':
      return { _: block._, text: text(block.text), caption: text(block.caption) }
    case 'pageBlockBlockquoteBlocks':
      return { _: block._, blocks: nested(block.blocks), caption: text(block.caption) }
    case 'pageBlockDetails':
      return { _: block._, open: block.open, blocks: nested(block.blocks), title: text(block.title) }
    case 'pageBlockList':
      return { _: block._, items: some(block.items).map((item) => checkItem(check, item, deeper(check, depth))) }
    case 'pageBlockOrderedList':
      return checkOrdered(check, block, depth)
    case 'pageBlockTable':
      return checkTable(check, block, depth)
    case 'pageBlockCollage':
    case 'pageBlockSlideshow':
      if (!block.items.every((one) => one._ === 'pageBlockPhoto' || one._ === 'pageBlockVideo')) {
        throw new RpcError('RICH_VALIDATE_CTOR_NOT_ALLOWED')
      }
      return { _: block._, items: nested(block.items), caption: caption(check, block.caption, depth) }
    case 'pageBlockPhoto':
      if (!check.given.photos.has(block.photoId)) throw new RpcError('RICH_MESSAGE_PHOTO_INVALID')
      takeMedia(check)
      check.photos.add(block.photoId)
      return {
        _: block._,
        spoiler: block.spoiler,
        photoId: block.photoId,
        caption: caption(check, block.caption, depth),
      }
    case 'pageBlockVideo':
      document(check, block.videoId, (one) => one.mimeType.startsWith('video/') || one.mimeType === 'image/gif')
      return { ...block, caption: caption(check, block.caption, depth) }
    case 'pageBlockAudio':
      document(check, block.audioId, (one) => one.attributes.some((a) => a._ === 'documentAttributeAudio'))
      return { ...block, caption: caption(check, block.caption, depth) }
    case 'pageBlockDocument':
      document(check, block.documentId, () => true)
      return { ...block, caption: caption(check, block.caption, depth) }
    case 'pageBlockMap':
    case 'inputPageBlockMap':
      return checkMap(check, block, depth)
    case 'pageBlockButtonRow':
      // @TODO rows of buttons end with the bots' folder, like those below a message.
      throw new RpcError('NOT_IMPLEMENTED')
    default:
      throw new RpcError('RICH_VALIDATE_CTOR_NOT_ALLOWED')
  }
}

function caption(check: Check, given: tl.pageCaption, depth: number): tl.pageCaption {
  const [text, credit] = [checkText(check, given.text, depth, true), checkText(check, given.credit, depth, true)]
  return { _: 'pageCaption', text, credit }
}

function document(check: Check, id: bigint, fits: (one: tl.document) => boolean): void {
  const one = check.given.documents.get(id)
  if (!one || !fits(one)) throw new RpcError('DOCUMENT_INVALID')
  takeMedia(check)
  check.documents.add(id)
}

/** What the items of both kinds of lists have in common. */
function marks(item: tl.PageListItem | tl.PageListOrderedItem): { checkbox?: true; checked?: true } {
  if (!item.checkbox) return {}
  return item.checked ? { checkbox: true, checked: true } : { checkbox: true }
}

function checkItem(check: Check, item: tl.PageListItem, depth: number): tl.PageListItem {
  takeBlock(check)
  return item._ === 'pageListItemText'
    ? { _: item._, ...marks(item), text: checkText(check, item.text, depth, true) }
    : { _: item._, ...marks(item), blocks: inside(check, some(item.blocks), depth) }
}

function checkOrdered(check: Check, block: tl.pageBlockOrderedList, depth: number): tl.PageBlock {
  const below = deeper(check, depth)
  const labels = itemLabels(block)
  const items = some(block.items).map((item, i): tl.PageListOrderedItem => {
    takeBlock(check)
    const { value, type } = item
    const shared = { ...marks(item), num: labels[i]!, value, type }
    return item._ === 'pageListOrderedItemText'
      ? { _: item._, ...shared, text: checkText(check, item.text, below, true) }
      : { _: item._, ...shared, blocks: inside(check, some(item.blocks), below) }
  })
  const { reversed, start, type } = block
  return { _: block._, reversed, items, start, type }
}

function checkTable(check: Check, block: tl.pageBlockTable, depth: number): tl.PageBlock {
  const title = checkText(check, block.title, depth, true)
  const below = deeper(check, depth)
  const rows = some(block.rows).map((row): tl.PageTableRow => {
    takeBlock(check)
    const columns = row.cells.reduce((sum, cell) => sum + Math.max(1, cell.colspan ?? 1), 0)
    if (columns > check.max.columns) throw new RpcError('RICH_MESSAGE_TABLE_COLS_TOO_MANY')
    return { _: row._, cells: row.cells.map((cell) => checkCell(check, cell, below)) }
  })
  const { bordered, striped, compact } = block
  return { _: block._, bordered, striped, compact, title, rows }
}

function checkCell(check: Check, cell: tl.PageTableCell, depth: number): tl.PageTableCell {
  const text = cell.text && checkText(check, cell.text, depth, true)
  const span = (n: number | undefined) => (n !== undefined && n > 1 ? Math.min(n, SPAN) : undefined)
  return {
    ...cell,
    text: text && text._ !== EMPTY._ ? text : undefined,
    colspan: span(cell.colspan),
    rowspan: span(cell.rowspan),
  }
}

function checkMap(check: Check, block: tl.pageBlockMap | tl.inputPageBlockMap, depth: number): tl.PageBlock {
  const { geo, zoom, w, h } = block
  if (!('lat' in geo) || !(Math.abs(geo.lat) <= 90 && Math.abs(geo.long) <= 180)) {
    throw new RpcError('RICH_MESSAGE_CONTENT_REQUIRED')
  }
  takeMedia(check)
  const side = (n: number, usual: number) => (n > 0 ? Math.min(n, MAP.most) : usual)
  return {
    _: 'pageBlockMap',
    // No access hash, as in messages that say where one is.
    geo: { _: 'geoPoint', lat: geo.lat, long: geo.long, accessHash: 0n },
    zoom: zoom > 0 ? Math.min(zoom, MAP.zoom) : MAP.usual,
    w: side(w, MAP.w),
    h: side(h, MAP.h),
    caption: caption(check, block.caption, depth),
  }
}
