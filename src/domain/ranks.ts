import { RpcError } from '../rpc/errors.ts'

/** Longest title of a member. https://core.telegram.org/api/rights#admin-rights */
const RANK = 16
const EMOJI = /\p{Extended_Pictographic}/u

/** A member's own title, null for none; ADMIN_RANK_INVALID, ADMIN_RANK_EMOJI_NOT_ALLOWED. */
export function checkRank(rank: string): string | null {
  const trimmed = rank.trim()
  if (trimmed.length > RANK) throw new RpcError('ADMIN_RANK_INVALID')
  if (EMOJI.test(trimmed)) throw new RpcError('ADMIN_RANK_EMOJI_NOT_ALLOWED')
  return trimmed || null
}
