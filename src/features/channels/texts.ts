import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'

/** A title without the space around it, cut to its bound; CHAT_TITLE_EMPTY when nothing is left. */
export function checkTitle(ctx: Ctx, title: string): string {
  const trimmed = title.trim().slice(0, ctx.app.config.limits.chatTitleLength)
  if (trimmed === '') throw new RpcError('CHAT_TITLE_EMPTY')
  return trimmed
}

/** A description; CHAT_ABOUT_TOO_LONG. */
export function checkAbout(ctx: Ctx, about: string): string {
  const trimmed = about.trim()
  if (trimmed.length > ctx.app.config.limits.chatAboutLength) throw new RpcError('CHAT_ABOUT_TOO_LONG')
  return trimmed
}
