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

/** Longest title of an administrator. https://core.telegram.org/method/channels.editAdmin */
const RANK = 16
const EMOJI = /\p{Extended_Pictographic}/u

/** An administrator's own title, null for none; ADMIN_RANK_INVALID, ADMIN_RANK_EMOJI_NOT_ALLOWED. */
export function checkRank(rank: string): string | null {
  const trimmed = rank.trim()
  if (trimmed.length > RANK) throw new RpcError('ADMIN_RANK_INVALID')
  if (EMOJI.test(trimmed)) throw new RpcError('ADMIN_RANK_EMOJI_NOT_ALLOWED')
  return trimmed || null
}
