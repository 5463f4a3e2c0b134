import type * as tl from '../../tl/gen/types.ts'
import { type HtmlElement, textOf } from '../web/html.ts'
import { joinTexts } from '../web/rich-text.ts'
import { EMPTY } from './check-text.ts'

const DOCUMENT = /^\d{1,19}$/

/** What a tag of rich messages makes of what is inside it; undefined for those that articles have, too. */
export function inlineOf(element: HtmlElement, inner: tl.RichText[]): tl.RichText[] | undefined {
  const { name, attributes } = element
  switch (name) {
    case 'tg-spoiler':
      return inner.length > 0 ? [{ _: 'textSpoiler', text: joinTexts(inner) }] : []
    case 'span':
      return attributes.class === 'tg-spoiler' && inner.length > 0
        ? [{ _: 'textSpoiler', text: joinTexts(inner) }]
        : undefined
    case 'tg-math':
      return [{ _: 'textMath', source: textOf(element, Number.MAX_SAFE_INTEGER).trim() }]
    case 'tg-reference':
      return attributes.name ? [{ _: 'textAnchor', text: joinTexts(inner), name: attributes.name }] : inner
    case 'tg-emoji':
      return emoji(attributes['emoji-id'], textOf(element).trim())
    case 'img':
      return emoji(/^tg:\/\/emoji\?id=(\d+)$/.exec(attributes.src ?? '')?.[1], attributes.alt ?? '')
    case 'tg-time':
      return time(attributes.unix, attributes.format, joinTexts(inner))
    case 'cite':
      return inner
    case 'a':
      return link(attributes, inner)
    default:
      return undefined
  }
}

function emoji(id: string | undefined, alt: string): tl.RichText[] {
  return id !== undefined && DOCUMENT.test(id)
    ? [{ _: 'textCustomEmoji', documentId: BigInt.asIntN(64, BigInt(id)), alt }]
    : [{ _: 'textPlain', text: alt }]
}

function time(unix: string | undefined, format: string | undefined, text: tl.RichText): tl.RichText[] {
  if (unix === undefined || !/^\d{1,10}$/.test(unix) || Number(unix) > 0x7fffffff) return [text]
  const has = (sign: string): true | undefined => format?.includes(sign) || undefined
  return [
    {
      _: 'textDate',
      relative: has('r'),
      shortTime: has('t'),
      longTime: has('T'),
      shortDate: has('d'),
      longDate: has('D'),
      dayOfWeek: has('w'),
      text,
      date: Number(unix),
    },
  ]
}

/** Links as they were written: whether they lead anywhere is asked when the text is checked. */
function link({ href, name }: HtmlElement['attributes'], inner: tl.RichText[]): tl.RichText[] {
  if (href === undefined) return name ? [{ _: 'textAnchor', text: joinTexts(inner), name }] : inner
  if (inner.length === 0) return name ? [{ _: 'textAnchor', text: EMPTY, name }] : []
  const text = joinTexts(inner)
  const [, scheme = '', rest = ''] = /^(mailto|tel):(.*)$/is.exec(href.trim()) ?? []
  if (scheme.toLowerCase() === 'mailto') return [{ _: 'textEmail', text, email: rest }]
  if (scheme.toLowerCase() === 'tel') return [{ _: 'textPhone', text, phone: rest }]
  const [, user] = /^tg:\/\/user\?id=(\d{1,15})$/.exec(href) ?? []
  if (user) return [{ _: 'textMentionName', text, userId: Number(user) }]
  return [{ _: 'textUrl', text, url: href.trim(), webpageId: 0n }]
}
