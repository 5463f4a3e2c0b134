import { access } from '../../domain/access.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { ProviderError } from '../../providers/index.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Texts or messages in one call; clients translate what is on the screen. */
export const MOST = 20

const FAILURES = {
  refused: 'TO_LANG_INVALID',
  quota: 'TRANSLATE_REQ_QUOTA_EXCEEDED',
  timeout: 'TRANSLATION_TIMEOUT',
  failed: 'TRANSLATE_REQ_FAILED',
} as const

/** TO_LANG_INVALID for what is the name of no language. */
export function mayTranslate(toLang: string): void {
  if (!/^[a-z]{2,3}(-[a-zA-Z0-9]{2,8})*$/.test(toLang)) throw new RpcError('TO_LANG_INVALID')
}

/** The messages a call names instead of texts; INPUT_TEXT_EMPTY where it names no peer, MSG_ID_INVALID. */
export async function namedMessages(
  ctx: Ctx,
  req: { peer?: tl.InputPeer; id?: readonly number[] },
): Promise<MessageRow[]> {
  if (!req.peer) throw new RpcError('INPUT_TEXT_EMPTY')
  const peer = await access.peer(ctx, req.peer)
  const ids = req.id ?? []
  if (ids.length === 0 || ids.length > MOST) throw new RpcError('MSG_ID_INVALID')
  const rows: MessageRow[] = []
  for (const id of ids) {
    const { row } = await access.message(ctx, peer, id).catch((error) => {
      throw error instanceof RpcError ? new RpcError('MSG_ID_INVALID') : error
    })
    rows.push(row)
  }
  return rows
}

/** Texts in HTML, translated by whom the operator has named; TRANSLATIONS_DISABLED where nobody is, and what fails. */
export async function translated(ctx: Ctx, texts: string[], toLang: string): Promise<string[]> {
  const { translator } = ctx.app.providers
  if (!translator) throw new RpcError('TRANSLATIONS_DISABLED')
  if (texts.length === 0) return []
  try {
    return await translator.translate(texts, toLang)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    ctx.app.log.warn({ err: error }, 'the translator')
    throw new RpcError(FAILURES[error.reason])
  }
}
