import type * as tl from '../../tl/gen/types.ts'

/** Entities whose text is a name or a program: it stays as it is. */
const KEPT = new Set<tl.MessageEntity['_']>([
  'messageEntityBotCommand',
  'messageEntityCashtag',
  'messageEntityCode',
  'messageEntityCustomEmoji',
  'messageEntityEmail',
  'messageEntityHashtag',
  'messageEntityMention',
  'messageEntityMentionName',
  'messageEntityPhone',
  'messageEntityBankCard',
  'messageEntityPre',
  'messageEntityUrl',
])

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export const escaped = (text: string) => text.replace(/[&<>"]/g, (c) => ESCAPES[c]!).replaceAll('\n', '<br>')

/**
 * A text as HTML that a translator can turn round: each entity is a span with its number, so that what it marks is
 * found again wherever it comes to stand.
 */
export function toHtml({ text, entities }: tl.textWithEntities): string {
  const marks = entities
    .map((entity, id) => ({ id, kept: KEPT.has(entity._), from: entity.offset, to: entity.offset + entity.length }))
    .filter((m) => m.from >= 0 && m.to > m.from && m.to <= text.length)
    .sort((a, b) => a.from - b.from || b.to - a.to)
  const edges = [...new Set([0, text.length, ...marks.flatMap((m) => [m.from, m.to])])].sort((a, b) => a - b)
  const open: typeof marks = []
  const tag = (m: (typeof marks)[number]) => `<span id="${m.id}"${m.kept ? ' translate="no" class="notranslate"' : ''}>`
  let out = ''
  let next = 0
  edges.forEach((at, i) => {
    // What ends here closes; what was opened inside of it and goes on is opened again.
    const first = open.findIndex((m) => m.to === at)
    const again = first < 0 ? [] : open.splice(first)
    out += '</span>'.repeat(again.length)
    const begun = again.filter((m) => m.to > at)
    while (next < marks.length && marks[next]!.from === at) begun.push(marks[next++]!)
    for (const m of begun) out += tag(m)
    open.push(...begun)
    out += escaped(text.slice(at, edges[i + 1] ?? at))
  })
  return out
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }

export function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (all, decimal, hex, name) => {
    if (name) return NAMED[name.toLowerCase()] ?? all
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}

/** The translated text, with the entities of `before` where their spans have come to stand. */
export function fromHtml(html: string, before: tl.textWithEntities): tl.textWithEntities {
  let text = ''
  const open: { id: number; from: number }[] = []
  const found: { id: number; from: number; to: number }[] = []
  const close = () => {
    const span = open.pop()
    if (!span || span.id < 0) return
    const last = found.findLast((f) => f.id === span.id)
    // Pieces of one entity that stand side by side are one again.
    if (last && last.to === span.from) last.to = text.length
    else if (text.length > span.from) found.push({ ...span, to: text.length })
  }
  /** The number of the span whose text is not the translator's. */
  const kept = () => open.find((s) => KEPT.has(before.entities[s.id]?._ as never))
  for (const [piece] of html.matchAll(/<\/?[a-z][^>]*>|[^<]+|</gi)) {
    if (!piece.startsWith('<') || piece.length === 1) {
      if (!kept()) text += unescaped(piece)
    } else if (/^<br\b/i.test(piece)) {
      if (!kept()) text += '\n'
    } else if (/^<span\b/i.test(piece)) {
      const id = Number(/\bid=["']?(\d{1,4})\b/i.exec(piece)?.[1] ?? -1)
      const inside = kept()
      open.push({ id: before.entities[id] ? id : -1, from: text.length })
      const entity = before.entities[id]
      if (entity && !inside && KEPT.has(entity._))
        text += before.text.slice(entity.offset, entity.offset + entity.length)
    } else if (/^<\/span\b/i.test(piece)) close()
  }
  while (open.length > 0) close()
  const entities = found
    .sort((a, b) => a.from - b.from || b.to - a.to || a.id - b.id)
    .map((f) => ({ ...before.entities[f.id]!, offset: f.from, length: f.to - f.from }))
  return { _: 'textWithEntities', text, entities }
}
