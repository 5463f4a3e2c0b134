import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { type FoundEntity, findEntities } from '../entities-find.ts'
import { joinTexts } from '../web/rich-text.ts'

/** What a rich message may hold. */
export interface RichLimits {
  length: number
  blocks: number
  depth: number
  media: number
  columns: number
}

/** What a rich message may name, besides what it says. */
export interface Given {
  photos: ReadonlyMap<bigint, tl.photo>
  documents: ReadonlyMap<bigint, tl.document>
  users: ReadonlySet<number>
  /** Addresses, names and numbers in its text are looked for. */
  autolink: boolean
}

/** A rich message being checked: what it has taken so far of what it may hold, and what it names. */
export interface Check {
  readonly max: RichLimits
  readonly given: Given
  characters: number
  blocks: number
  media: number
  /** Something in it can be seen. */
  shows: boolean
  readonly photos: Set<bigint>
  readonly documents: Set<bigint>
  readonly users: Set<number>
  /** Names with their @, as they stand in the text. */
  readonly names: Set<string>
}

export const EMPTY: tl.textEmpty = { _: 'textEmpty' }
/** Longest name of an anchor, address, address of mail, and formula or name of a language are bounded by the text. */
const NAME = 256
const URL_LENGTH = 2048
const EMAIL_LENGTH = 254
const CONTROL = /[\p{Cc}--[\n]]/gv
const INVISIBLE = /^[\s\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2800\ufeff]*$/
const EMOJI = /^\p{RGI_Emoji}\ufe0f?$|^\p{Emoji}\ufe0f?$/v

/** A level further down: RICH_MESSAGE_DEPTH_INVALID below the last that there may be. */
export function deeper(check: Check, depth: number): number {
  if (depth >= check.max.depth) throw new RpcError('RICH_MESSAGE_DEPTH_INVALID')
  return depth + 1
}

/** Takes room for characters, which are whole ones of Unicode; RICH_MESSAGE_TEXT_TOO_LONG where there is none. */
export function takeText(check: Check, text: string): string {
  const pairs = text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0
  check.characters += text.length - pairs
  if (check.characters > check.max.length) throw new RpcError('RICH_MESSAGE_TEXT_TOO_LONG')
  if (!check.shows && !INVISIBLE.test(text)) check.shows = true
  return text
}

/** The name of a place in the message. */
export function checkName(name: string): string {
  const kept = name.replace(CONTROL, '').trim()
  if (kept === '' || kept.length > NAME) throw new RpcError('RICH_MESSAGE_URL_INVALID')
  return kept
}

function checkUrl(given: string): string {
  const url = given.trim()
  const led = url.startsWith('#') ? url.length > 1 : URL.canParse(url) && /^(?:https?|tg|ton):/i.test(url)
  if (!led || url.length > URL_LENGTH || /\p{Cc}/u.test(url)) throw new RpcError('RICH_MESSAGE_URL_INVALID')
  return url
}

function checkEmail(given: string): string {
  if (given.length > EMAIL_LENGTH || !/^[^\s@:<>]+@[^\s@:<>]+\.[^\s@:<>]+$/.test(given)) {
    throw new RpcError('RICH_MESSAGE_EMAIL_INVALID')
  }
  return given
}

const FOUND: Record<FoundEntity['_'], tl.RichText['_']> = {
  messageEntityMention: 'textMention',
  messageEntityHashtag: 'textHashtag',
  messageEntityCashtag: 'textCashtag',
  messageEntityBotCommand: 'textBotCommand',
  messageEntityUrl: 'textAutoUrl',
  messageEntityEmail: 'textAutoEmail',
  messageEntityPhone: 'textAutoPhone',
  messageEntityBankCard: 'textBankCard',
}

/** What the server finds in a text by itself. */
function linked(check: Check, text: string): tl.RichText {
  const parts: tl.RichText[] = []
  let from = 0
  for (const { _, offset, length } of findEntities(text)) {
    if (offset > from) parts.push({ _: 'textPlain', text: text.slice(from, offset) })
    from = offset + length
    const said = text.slice(offset, from)
    if (_ === 'messageEntityMention') check.names.add(said)
    parts.push({ _: FOUND[_], text: { _: 'textPlain', text: said } } as tl.RichText)
  }
  if (from < text.length) parts.push({ _: 'textPlain', text: text.slice(from) })
  return joinTexts(parts)
}

/**
 * A rich text as it is kept, or why it cannot be: RICH_MESSAGE_TEXT_TOO_LONG, _DEPTH_INVALID, _URL_INVALID,
 * _EMAIL_INVALID, _EMOJI_INVALID, RICH_VALIDATE_CTOR_NOT_ALLOWED for what only the server may say.
 * @param free false within links and code, where nothing else is looked for
 */
export function checkText(check: Check, text: tl.RichText, depth: number, free: boolean): tl.RichText {
  const within = (inner: tl.RichText, still: boolean) => checkText(check, inner, deeper(check, depth), still && free)
  switch (text._) {
    case 'textEmpty':
      return EMPTY
    case 'textPlain': {
      const said = takeText(check, text.text.replaceAll('\t', ' ').replace(CONTROL, ''))
      if (said === '') return EMPTY
      return free && check.given.autolink ? linked(check, said) : { _: 'textPlain', text: said }
    }
    case 'textConcat':
      return joinTexts(
        text.texts.map((one) => checkText(check, one, depth, free)).filter((one) => one._ !== 'textEmpty'),
      )
    case 'textBold':
    case 'textItalic':
    case 'textUnderline':
    case 'textStrike':
    case 'textSubscript':
    case 'textSuperscript':
    case 'textMarked':
    case 'textSpoiler':
      return around(within(text.text, true), (inner) => ({ _: text._, text: inner }))
    case 'textFixed':
      return around(within(text.text, false), (inner) => ({ _: 'textFixed', text: inner }))
    case 'textUrl': {
      const url = checkUrl(text.url)
      return around(within(text.text, false), (inner) => ({ _: 'textUrl', text: inner, url, webpageId: 0n }))
    }
    case 'textEmail': {
      const email = checkEmail(text.email)
      return around(within(text.text, false), (inner) => ({ _: 'textEmail', text: inner, email }))
    }
    case 'textPhone': {
      const phone = text.phone.replace(/[^+\d]/g, '').slice(0, 30)
      const inner = within(text.text, false)
      return phone === '' ? inner : around(inner, (kept) => ({ _: 'textPhone', text: kept, phone }))
    }
    case 'textAnchor':
      return { _: 'textAnchor', text: within(text.text, true), name: checkName(text.name) }
    case 'textMentionName': {
      const inner = within(text.text, false)
      // Without having been named among the users nobody shows that they know one.
      if (!check.given.users.has(text.userId)) return inner
      check.users.add(text.userId)
      return around(inner, (kept) => ({ _: 'textMentionName', text: kept, userId: text.userId }))
    }
    case 'textDate':
      if (text.date <= 0) return within(text.text, true)
      return around(within(text.text, true), (inner) => ({ ...text, text: inner }))
    case 'textMath':
      return { _: 'textMath', source: takeText(check, text.source.replace(CONTROL, ' ')) }
    case 'textCustomEmoji':
      if (text.alt !== '' && !EMOJI.test(text.alt)) throw new RpcError('RICH_MESSAGE_EMOJI_INVALID')
      check.shows = true
      return { ...text, alt: takeText(check, text.alt) }
    case 'textImage': {
      if (!check.given.documents.has(text.documentId)) throw new RpcError('DOCUMENT_INVALID')
      takeMedia(check)
      check.documents.add(text.documentId)
      const side = (n: number) => Math.min(Math.max(n, 1), 10_000)
      return { ...text, w: side(text.w), h: side(text.h) }
    }
    case 'textButton':
      // @TODO buttons in the text end with the bots' folder, like those below it.
      throw new RpcError('NOT_IMPLEMENTED')
    default:
      throw new RpcError('RICH_VALIDATE_CTOR_NOT_ALLOWED')
  }
}

/** What shows nothing needs no style. */
function around(inner: tl.RichText, wrap: (inner: tl.RichText) => tl.RichText): tl.RichText {
  return inner._ === 'textEmpty' ? inner : wrap(inner)
}

/** Takes room for a picture, a video or a file; RICH_MESSAGE_MEDIA_TOO_MANY where there is none. */
export function takeMedia(check: Check): void {
  if (++check.media > check.max.media) throw new RpcError('RICH_MESSAGE_MEDIA_TOO_MANY')
  check.shows = true
}
