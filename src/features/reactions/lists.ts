import { createHash } from 'node:crypto'
import { listHash } from '../../domain/list-hash.ts'
import { viewReaction } from '../../domain/reactions.ts'
import type * as tl from '../../tl/gen/types.ts'

/** A hash over texts, as listHash is over ids. */
export function textsHash(texts: Iterable<string>): bigint {
  const numbers: bigint[] = []
  for (const text of texts) numbers.push(createHash('md5').update(text).digest().readBigInt64LE(0))
  return listHash(numbers)
}

/** A list of reactions as an answer; "not modified" to who has it. */
export function answerReactions(keys: readonly string[], hash: bigint): tl.messages_Reactions {
  const own = textsHash(keys)
  if (hash !== 0n && hash === own) return { _: 'messages.reactionsNotModified' }
  return { _: 'messages.reactions', hash: own, reactions: keys.map(viewReaction) }
}
