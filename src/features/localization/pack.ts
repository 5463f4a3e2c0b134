import { type LanguageRow, languageRow } from '../../domain/languages.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'

/** Packs that clients name; others are refused. https://core.telegram.org/api/config#localization */
const PACK = /^[a-z0-9_-]{1,32}$/
const CODE = /^[a-zA-Z0-9-]{1,64}$/

/** The pack a call means: the one it names, or the one the client said it has in initConnection. */
export function packOf(ctx: Ctx, named: string): string {
  const pack = named || ctx.session?.auth.device?.langPack || ''
  if (!PACK.test(pack)) throw new RpcError('LANG_PACK_INVALID')
  return pack
}

/** A language that was imported; LANG_CODE_NOT_SUPPORTED otherwise. */
export async function languageOf(ctx: Ctx, pack: string, code: string): Promise<LanguageRow> {
  const wanted = code || ctx.session?.auth.device?.langCode || ''
  const row = CODE.test(wanted) ? await languageRow(ctx, pack, wanted) : undefined
  if (!row) throw new RpcError('LANG_CODE_NOT_SUPPORTED')
  return row
}
