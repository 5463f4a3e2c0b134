import { ProviderError } from '../../providers/index.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'

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
