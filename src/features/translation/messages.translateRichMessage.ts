import { access } from '../../domain/access.ts'
import { addressFiles } from '../../domain/files.ts'
import type { Carried } from '../../domain/message-view.ts'
import { makeRich } from '../../domain/rich/make.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method, type Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { plainOfText, readObject } from '../../tl/index.ts'
import { type RichHtml, richFromHtml, richToHtml } from './rich-html.ts'
import { mayTranslate, translated } from './translate.ts'

/** Rich messages in one call; clients translate what is on the screen. */
const MESSAGES = 20
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
    if (req.text.length > MESSAGES) throw new RpcError('INPUT_TEXT_TOO_LONG')
    const messages: tl.richMessage[] = []
    for (const one of req.text) messages.push((await makeRich(ctx, one)).rich)
    return messages
  }
  if (!req.peer) throw new RpcError('INPUT_TEXT_EMPTY')
  const peer = await access.peer(ctx, req.peer)
  const ids = req.id ?? []
  if (ids.length === 0 || ids.length > MESSAGES) throw new RpcError('MSG_ID_INVALID')
  const messages: tl.richMessage[] = []
  for (const id of ids) {
    const { row } = await access.message(ctx, peer, id).catch((error) => {
      throw error instanceof RpcError ? new RpcError('MSG_ID_INVALID') : error
    })
    const carried = row.media ? (readObject(row.media) as Carried) : undefined
    if (carried?._ !== 'richMessage') throw new RpcError('MSG_ID_INVALID')
    messages.push(carried)
  }
  return messages
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
