import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import { access } from './access.ts'
import { findEntities } from './entities-find.ts'

/** A text as it is kept: cleaned, trimmed, with every entity that holds in it. */
export interface StyledText {
  text: string
  /** Undefined rather than empty. */
  entities: tl.MessageEntity[] | undefined
}

export interface TextBounds {
  /** UTF-16 code units, after trimming. */
  length: number
  entities: number
  tooLong: 'MESSAGE_TOO_LONG' | 'MEDIA_CAPTION_TOO_LONG'
}

/** What can be split and merged freely, and lie across others. */
const FREE = new Set([
  'messageEntityBold',
  'messageEntityItalic',
  'messageEntityUnderline',
  'messageEntityStrike',
  'messageEntitySpoiler',
])
/** What nothing else may lie in. */
const CODE = new Set(['messageEntityCode', 'messageEntityPre'])
/** Of these the server finds every one by itself; a client's are taken where they can be true. */
const CLAIMS: Record<string, RegExp> = {
  messageEntityMention: /^@\w{1,32}$/,
  messageEntityHashtag: /^#[^\s#]{1,256}$/,
  messageEntityCashtag: /^\$[A-Z0-9]{1,8}(?:@\w+)?$/,
  messageEntityBotCommand: /^\/\w{1,64}(?:@\w{3,32})?$/,
  messageEntityUrl: /^[^\s]+\.[^\s]+$/,
  messageEntityEmail: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  messageEntityPhone: /^\+?[\d ().-]{5,30}$/,
  messageEntityBankCard: /^[\d -]{12,40}$/,
}
/** More than this and the client is told, rather than the rest ignored. */
const TOO_MANY = 1000
/** Longest address behind a word, and name of a language. */
const URL_LENGTH = 2048
const LANGUAGE_LENGTH = 64

/** Control characters become spaces, carriage returns go. */
const CONTROL = /[\p{Cc}--[\t\n\r]]/gv
/** Characters of white space around a text beyond which it is not even looked at. */
const PADDING = 65_536
/** A text of these alone shows nothing. */
const INVISIBLE = /^[\s\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2800\ufeff]*$/

/**
 * A client's text and entities as the server keeps them: control characters and the space around the text removed,
 * entities moved along, checked, nested as they may be, and what the server finds by itself added.
 *
 * Offsets and lengths are in UTF-16 code units. An entity of no length, or of nothing but space, is dropped; one that
 * reaches out of the text is ENTITY_BOUNDS_INVALID. https://core.telegram.org/api/entities
 *
 * A text longer than it may be is MESSAGE_TOO_LONG, a caption MEDIA_CAPTION_TOO_LONG; entities beyond the bound are left
 * out.
 */
export function styleText(
  raw: string,
  given: readonly tl.MessageEntity[] | undefined,
  bounds: TextBounds = { length: 4096, entities: 100, tooLong: 'MESSAGE_TOO_LONG' },
): StyledText {
  if (raw.length > bounds.length + PADDING) throw new RpcError(bounds.tooLong)
  const entities = given && given.length > 0 ? checkBounds(raw, given) : []
  const { text, moved } = clean(raw, entities)
  if (text.length > bounds.length) throw new RpcError(bounds.tooLong)
  if (INVISIBLE.test(text)) return { text: '', entities: undefined }
  const kept = nest(
    text,
    moved.filter((e) => isSensible(text, e)),
  )
  const all = addFound(text, kept)
  all.sort((a, b) => a.offset - b.offset || b.length - a.length)
  if (all.length > bounds.entities) all.length = bounds.entities
  return { text, entities: all.length > 0 ? all : undefined }
}

/** Puts messageEntityMentionName for every user that the client shows to know; the others are not marked. */
export async function nameUsers(
  ctx: Ctx,
  entities: readonly tl.MessageEntity[] | undefined,
): Promise<tl.MessageEntity[] | undefined> {
  if (!entities?.some((e) => e._ === 'inputMessageEntityMentionName' || e._ === 'messageEntityMentionName')) {
    return entities as tl.MessageEntity[] | undefined
  }
  const named: tl.MessageEntity[] = []
  for (const entity of entities) {
    if (entity._ !== 'inputMessageEntityMentionName') {
      // Without an access hash nobody shows that they know the user.
      if (entity._ !== 'messageEntityMentionName') named.push(entity)
      continue
    }
    const user = await access.user(ctx, entity.userId).catch((error) => {
      if (error instanceof RpcError) return undefined
      throw error
    })
    const { offset, length } = entity
    if (user) named.push({ _: 'messageEntityMentionName', offset, length, userId: user.id })
  }
  return named
}

function checkBounds(raw: string, given: readonly tl.MessageEntity[]): tl.MessageEntity[] {
  if (given.length > TOO_MANY) throw new RpcError('ENTITIES_TOO_LONG')
  for (const { offset, length } of given) {
    if (offset < 0 || length < 0 || offset + length > raw.length) throw new RpcError('ENTITY_BOUNDS_INVALID')
  }
  return given.filter((e) => e.length > 0 && e._ !== 'messageEntityUnknown' && e._ !== 'inputMessageEntityMentionName')
}

function clean(raw: string, entities: readonly tl.MessageEntity[]): { text: string; moved: tl.MessageEntity[] } {
  const spaced = raw.replace(CONTROL, ' ')
  const whole = spaced.replaceAll('\r', '')
  const text = whole.trim()
  if (text.length === raw.length) return { text, moved: entities.map((e) => ({ ...e })) }
  const lead = whole.length - whole.trimStart().length
  const returns = whole.length === spaced.length ? [] : [...spaced.matchAll(/\r/g)].map((m) => m.index)
  const at = (position: number) => {
    const gone = returns.filter((r) => r < position).length
    return Math.min(Math.max(position - gone - lead, 0), text.length)
  }
  const moved: tl.MessageEntity[] = []
  for (const entity of entities) {
    const offset = at(entity.offset)
    const length = at(entity.offset + entity.length) - offset
    if (length > 0) moved.push({ ...entity, offset, length })
  }
  return { text, moved }
}

function isSensible(text: string, entity: tl.MessageEntity): boolean {
  const { offset, length } = entity
  const inner = text.slice(offset, offset + length)
  // Half of a character outside the basic plane is nothing that could be marked.
  if (isLow(text, offset) || isLow(text, offset + length)) return false
  if (inner.trim() === '' && !CODE.has(entity._)) return false
  const claim = CLAIMS[entity._]
  if (claim) return claim.test(inner)
  if (entity._ === 'messageEntityTextUrl') return entity.url.trim() !== '' && entity.url.length <= URL_LENGTH
  if (entity._ === 'messageEntityPre') entity.language = entity.language.slice(0, LANGUAGE_LENGTH)
  return true
}

function isLow(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  const before = text.charCodeAt(at - 1)
  return code >= 0xdc00 && code <= 0xdfff && before >= 0xd800 && before <= 0xdbff
}

interface Range {
  offset: number
  length: number
}
const endOf = (r: Range) => r.offset + r.length
const overlaps = (a: Range, b: Range) => a.offset < endOf(b) && b.offset < endOf(a)
const within = (a: Range, b: Range) => a.offset >= b.offset && endOf(a) <= endOf(b)

/** Drops, merges and cuts entities until they nest as they may. */
function nest(text: string, entities: tl.MessageEntity[]): tl.MessageEntity[] {
  if (entities.length === 0) return entities
  entities.sort((a, b) => a.offset - b.offset || b.length - a.length)
  const quotes: tl.MessageEntity[] = []
  const code: tl.MessageEntity[] = []
  const whole: tl.MessageEntity[] = []
  const free = new Map<string, Range[]>()
  for (const entity of entities) {
    if (entity._ === 'messageEntityBlockquote') {
      if (!quotes.some((q) => overlaps(q, entity))) quotes.push(entity)
    } else if (CODE.has(entity._)) {
      if (!code.some((c) => overlaps(c, entity))) code.push(entity)
    } else if (FREE.has(entity._)) {
      const ranges = free.get(entity._)
      const last = ranges?.at(-1)
      if (!ranges) free.set(entity._, [{ offset: entity.offset, length: entity.length }])
      else if (last && entity.offset <= endOf(last)) last.length = Math.max(endOf(last), endOf(entity)) - last.offset
      else ranges.push({ offset: entity.offset, length: entity.length })
    } else whole.push(entity)
  }
  const crosses = (e: Range) => quotes.some((q) => overlaps(q, e) && !within(e, q))
  const kept: tl.MessageEntity[] = [...quotes]
  const solid = code.filter((c) => !crosses(c))
  kept.push(...solid)
  const links: tl.MessageEntity[] = []
  for (const entity of whole) {
    if (crosses(entity) || solid.some((c) => overlaps(c, entity))) continue
    const emoji = entity._ === 'messageEntityCustomEmoji'
    // A custom emoji may stand inside a link; two links never share a character.
    if (links.some((l) => overlaps(l, entity) && !(emoji && l._ !== entity._ && within(entity, l)))) continue
    links.push(entity)
  }
  kept.push(...links)
  for (const [kind, ranges] of free) {
    for (const range of ranges) {
      for (const part of cutOut(range, solid)) {
        if (text.slice(part.offset, endOf(part)).trim() !== '') kept.push({ _: kind, ...part } as tl.MessageEntity)
      }
    }
  }
  return kept
}

/** A range without what lies in any of the holes. */
function cutOut(range: Range, holes: readonly Range[]): Range[] {
  let parts = [range]
  for (const hole of holes) {
    parts = parts.flatMap((part) => {
      if (!overlaps(part, hole)) return [part]
      const left = { offset: part.offset, length: hole.offset - part.offset }
      const right = { offset: endOf(hole), length: endOf(part) - endOf(hole) }
      return [left, right].filter((p) => p.length > 0)
    })
  }
  return parts
}

/** What the server finds, where the client marked neither code nor a link. */
function addFound(text: string, kept: tl.MessageEntity[]): tl.MessageEntity[] {
  const found = findEntities(text)
  if (found.length === 0) return kept
  const taken = kept.filter((e) => !FREE.has(e._) && e._ !== 'messageEntityBlockquote')
  const quotes = kept.filter((e) => e._ === 'messageEntityBlockquote')
  for (const entity of found) {
    if (taken.some((t) => overlaps(t, entity))) continue
    if (quotes.some((q) => overlaps(q, entity) && !within(entity, q))) continue
    kept.push(entity)
  }
  return kept
}
