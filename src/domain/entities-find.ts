import type * as tl from '../tl/gen/types.ts'
import { isTopLevelDomain } from './top-level-domains.ts'

/** What the server finds in a text by itself, whether or not the client marked it. */
export type FoundEntity =
  | tl.messageEntityMention
  | tl.messageEntityHashtag
  | tl.messageEntityCashtag
  | tl.messageEntityBotCommand
  | tl.messageEntityUrl
  | tl.messageEntityEmail
  | tl.messageEntityPhone
  | tl.messageEntityBankCard

/** Nothing is found in a text that has none of these. */
const HINT = /[@#$/.+]|\d[\d -]{11}\d/

/**
 * Mentions, hashtags, cashtags, bot commands, addresses of pages and mail, phone and bank card numbers of a text, in
 * their order and without overlaps (the one that begins first wins, then the longer one).
 * Offsets and lengths are in UTF-16 code units. https://core.telegram.org/api/entities
 */
export function findEntities(text: string): FoundEntity[] {
  if (!HINT.test(text)) return []
  const found: FoundEntity[] = []
  const add = (_: FoundEntity['_'], offset: number, length: number) => {
    found.push({ _, offset, length } as FoundEntity)
  }
  if (text.includes('@')) findMentions(text, add)
  if (text.includes('/')) findCommands(text, add)
  if (text.includes('#')) findTags(text, HASHTAG, 'messageEntityHashtag', add)
  if (text.includes('$')) findTags(text, CASHTAG, 'messageEntityCashtag', add)
  if (text.includes('.')) findAddresses(text, add)
  if (text.includes('://')) findOwnLinks(text, add)
  if (text.includes('+')) findPhones(text, add)
  findCards(text, add)
  found.sort((a, b) => a.offset - b.offset || b.length - a.length)
  let end = 0
  return found.filter((entity) => {
    if (entity.offset < end) return false
    end = entity.offset + entity.length
    return true
  })
}

type Add = (kind: FoundEntity['_'], offset: number, length: number) => void

const MENTION = /(?<![\p{L}\p{N}_])@([a-z0-9_]{3,32})(?![\p{L}\p{N}_])/giu
/** Names shorter than people can have, of bots that work in every chat. */
const SHORT_NAMES = new Set(['gif', 'vid', 'pic'])

function findMentions(text: string, add: Add): void {
  for (const match of text.matchAll(MENTION)) {
    const name = match[1]!
    if (name.length >= 4 || SHORT_NAMES.has(name.toLowerCase()))
      add('messageEntityMention', match.index, match[0].length)
  }
}

const COMMAND = /(?<![\p{L}\p{N}_/<>])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\p{L}\p{N}_/<>@])/giu

function findCommands(text: string, add: Add): void {
  for (const match of text.matchAll(COMMAND)) add('messageEntityBotCommand', match.index, match[0].length)
}

/** Letters that continue a tag: those of every script, the joiner that Persian needs, and Sinhala's signs. */
const TAG = String.raw`\p{L}\p{M}\p{N}_\u200c`
const HASHTAG = new RegExp(`(?<![${TAG}@])#([${TAG}]{1,256})(?:@[a-z0-9_]{3,32})?(?![${TAG}]*#)`, 'giu')
const CASHTAG = new RegExp(`(?<![${TAG}$])\\$(1INCH|[A-Z]{1,8})(?:@[a-zA-Z0-9_]{3,32})?(?![${TAG}$])`, 'gu')

function findTags(text: string, pattern: RegExp, kind: FoundEntity['_'], add: Add): void {
  for (const match of text.matchAll(pattern)) {
    // A number alone is no tag.
    if (/\p{L}/u.test(match[1]!)) add(kind, match.index, match[0].length)
  }
}

const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}_-]{0,62}[\p{L}\p{N}])?`
/** `protocol :// user@ host :port path`; the path is cut to size below. */
const ADDRESS = new RegExp(
  String.raw`(?<![\p{L}\p{N}_@/.-])((?:https?|ftp|tonsite|tg|ton):\/\/)?((?:[\p{L}\p{N}._+-]{1,64}(?::[^\s/@]{0,64})?@)?)((?:${LABEL}\.)+(?:xn--[a-z0-9-]{2,59}|\p{L}{2,24}|\d{1,3}))(:\d{1,5})?([/?#][^\s<>"«»\u2000-\u200b]*)?`,
  'giu',
)
const OWN_LINK = /(?<![\p{L}\p{N}_])(?:tg|ton):\/\/[a-z0-9_-]{1,253}([/?#][^\s<>"«»\u2000-\u200b]*)?/giu
const MAIL_NAME = /^[a-z0-9](?:[a-z0-9._+-]{0,62}[a-z0-9_-])?$/i

function findAddresses(text: string, add: Add): void {
  for (const match of text.matchAll(ADDRESS)) {
    const [whole, protocol, login = '', host = '', port = '', path = ''] = match
    const before = (protocol ?? '').length + login.length + host.length + port.length
    if (!isHost(host) || startsWord(text, match.index + whole.length, path)) continue
    if (protocol === undefined && login !== '') {
      const name = login.slice(0, -1)
      if (MAIL_NAME.test(name) && !isAddress4(host)) add('messageEntityEmail', match.index, login.length + host.length)
      continue
    }
    add('messageEntityUrl', match.index, before + cutPath(path))
  }
}

/** Links that open something in the client itself, whose "host" is a verb. */
function findOwnLinks(text: string, add: Add): void {
  for (const match of text.matchAll(OWN_LINK)) {
    const path = match[1] ?? ''
    add('messageEntityUrl', match.index, match[0].length - path.length + cutPath(path))
  }
}

/** A host that a letter or `@` follows at once is part of something else. */
function startsWord(text: string, end: number, path: string): boolean {
  return path === '' && /^[\p{L}\p{N}_@]/u.test(text.slice(end, end + 2))
}

function isHost(host: string): boolean {
  if (host.length > 253) return false
  const labels = host.split('.')
  const top = labels.at(-1)!.toLowerCase()
  if (/^\d+$/.test(top)) return isAddress4(host)
  return isTopLevelDomain(top) && !labels.at(-2)!.includes('_')
}

function isAddress4(host: string): boolean {
  const parts = host.split('.')
  return parts.length === 4 && parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) < 256)
}

const CLOSERS: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

/** How much of a path belongs to the address: up to a bracket that nothing opened, without closing punctuation. */
function cutPath(path: string): number {
  const open: string[] = []
  let end = path.length
  for (let i = 0; i < path.length; i++) {
    const c = path[i]!
    if (c === '(' || c === '[' || c === '{') open.push(c)
    else if (c in CLOSERS && open.pop() !== CLOSERS[c]) {
      end = i
      break
    }
  }
  while (end > 0 && /[.:;,('?!`{[]/.test(path[end - 1]!)) end--
  return end
}

const PHONE = /(?<![\p{L}\p{N}+])\+\d(?:[ ().-]{0,2}\d){6,14}(?![\p{L}\p{N}])/gu

function findPhones(text: string, add: Add): void {
  for (const match of text.matchAll(PHONE)) add('messageEntityPhone', match.index, match[0].length)
}

const CARD = /(?<![\p{L}\p{N}_+.,-])\d(?:[ -]?\d){12,18}(?![\p{L}\p{N}_-])/gu

function findCards(text: string, add: Add): void {
  for (const match of text.matchAll(CARD)) {
    const digits = match[0].replace(/\D/g, '')
    if (isCard(digits)) add('messageEntityBankCard', match.index, match[0].length)
  }
}

/** First digits and lengths that networks of cards use, and the check digit. */
function isCard(digits: string): boolean {
  const length = digits.length
  const two = Number(digits.slice(0, 2))
  const four = Number(digits.slice(0, 4))
  const issued =
    (digits[0] === '4' && (length === 13 || length === 16 || length === 18 || length === 19)) ||
    (two >= 51 && two <= 55 && length === 16) ||
    (four >= 2200 && four <= 2720 && length >= 16) ||
    ((two === 34 || two === 37) && length === 15) ||
    ((two === 30 || two === 36 || two === 38 || two === 39) && length >= 14) ||
    ((two === 60 || two === 62 || two === 64 || two === 65 || two === 81) && length >= 16) ||
    (two === 35 && length >= 16) ||
    ((two === 50 || (two >= 56 && two <= 69)) && length >= 12) ||
    (four === 9792 && length === 16) ||
    (two === 86 && length === 16)
  if (!issued) return false
  let sum = 0
  for (let i = 0; i < length; i++) {
    const digit = Number(digits[length - 1 - i])
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return sum % 10 === 0
}
