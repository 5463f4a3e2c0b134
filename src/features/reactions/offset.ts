import type { ReactionRow } from '../../domain/reactions.ts'

type Place = Pick<ReactionRow, 'date' | 'peer' | 'n'>

/** Where a page of reactions ended, for the next one. */
export const nextOffset = ({ date, peer, n }: Place): string => `${date}:${peer}:${n}`

/** undefined for the beginning, and for what is no offset of ours. */
export function readOffset(offset: string | undefined): Place | undefined {
  const parts = /^(\d{1,12}):(-?\d{1,15}):(\d{1,6})$/.exec(offset ?? '')
  if (!parts) return undefined
  return { date: Number(parts[1]), peer: Number(parts[2]), n: Number(parts[3]) }
}
