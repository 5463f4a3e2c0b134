import { addressFiles } from '../../domain/files.ts'
import type { Carried } from '../../domain/message-view.ts'
import { makeRich } from '../../domain/rich/make.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { plainOfText, readObject } from '../../tl/index.ts'
import { type RichHtml, richFromHtml, richToHtml } from './rich-html.ts'
import { MOST, mayTranslate, namedMessages, translated } from './translate.ts'

/** What is written for machines. */
const KEPT = new Set(['pageBlockPreformatted', 'pageBlockMath', 'pageBlockAnchor'])

/** @NOTE `tone` is not something that LibreTranslate knows. */
export default method(
  'messages.translateRichMessage',
  async (ctx, req) => {
    mayTranslate(req.toLang)
    const messages = await messagesOf(ctx, req)
    const found: RichHtml[] = []
    const note = (text: tl.RichText): tl.RichText => {
      if (plainOfText(text).trim() !== '') found.push(richToHtml(text))
      return text
    }
    for (const { blocks } of messages) mapTexts(blocks, note)
    const turned = await translated(
      ctx,
      found.map((one) => one.html),
      req.toLang,
    )
    let next = 0
    const put = (text: tl.RichText): tl.RichText => {
      if (plainOfText(text).trim() === '') return text
      const { nodes } = found[next]!
      return richFromHtml(turned[next++]!, nodes)
    }
    const result = messages.map((one) => addressFiles(ctx, { ...one, blocks: mapTexts(one.blocks, put) }))
    return { _: 'messages.translatedRichMessage', result }
  },
  { flood: 'search' },
)

async function messagesOf(ctx: Ctx, req: Params<'messages.translateRichMessage'>): Promise<tl.richMessage[]> {
  if (req.text) {
    if (req.text.length === 0) throw new RpcError('INPUT_TEXT_EMPTY')
    if (req.text.length > MOST) throw new RpcError('INPUT_TEXT_TOO_LONG')
    const messages: tl.richMessage[] = []
    for (const one of req.text) messages.push((await makeRich(ctx, one)).rich)
    return messages
  }
  return (await namedMessages(ctx, req)).map((row) => {
    const carried = row.media ? (readObject(row.media) as Carried) : undefined
    if (carried?._ !== 'richMessage') throw new RpcError('MSG_ID_INVALID')
    return carried
  })
}

/** Blocks with each text of theirs changed, from the first to the last. */
function mapTexts<T>(value: T, change: (text: tl.RichText) => tl.RichText): T {
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change)) as T
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  const { _: name } = value as { _?: string }
  if (name?.startsWith('text')) return change(value as never) as T
  if (KEPT.has(name ?? '')) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, change)])) as T
}
