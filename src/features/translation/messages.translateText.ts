import { readEntities } from '../../domain/message-view.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import type { Methods } from '../../tl/index.ts'
import { fromHtml, toHtml } from './html.ts'
import { MOST, mayTranslate, namedMessages, translated } from './translate.ts'

/** @NOTE `tone` is not something that LibreTranslate knows. */
export default method(
  'messages.translateText',
  async (ctx, req) => {
    mayTranslate(req.toLang)
    const texts = await textsOf(ctx, req)
    // What says nothing needs no translator.
    const spoken = texts.filter((t) => t.text.trim() !== '')
    const turned = await translated(ctx, spoken.map(toHtml), req.toLang)
    const by = new Map(spoken.map((text, i) => [text, fromHtml(turned[i]!, text)]))
    return { _: 'messages.translateResult', result: texts.map((text) => by.get(text) ?? text) }
  },
  { flood: 'search' },
)

async function textsOf(ctx: Ctx, req: Methods['messages.translateText']['params']): Promise<tl.textWithEntities[]> {
  const most = ctx.app.config.limits.messageLength
  if (req.text) {
    const texts = req.text as tl.textWithEntities[]
    if (texts.length === 0 || texts.every((t) => t.text === '')) throw new RpcError('INPUT_TEXT_EMPTY')
    if (texts.length > MOST || texts.some((t) => t.text.length > most)) throw new RpcError('INPUT_TEXT_TOO_LONG')
    return texts
  }
  return (await namedMessages(ctx, req)).map((row) => {
    return { _: 'textWithEntities', text: row.text, entities: readEntities(row.entities) ?? [] }
  })
}
