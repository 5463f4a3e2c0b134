import type { Tx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { adminBots, tellBot } from './bot-updates.ts'
import type { MessageRow } from './message-rows.ts'
import { kindOf, toPeer } from './peers.ts'
import { keptPoll, optionKey, type PollRow } from './polls.ts'
import { showsReactors, viewReaction, viewReactions } from './reactions.ts'
import { userRow } from './user-rows.ts'

/** Bots that are told of reactions to a message: those that administrate where it is, or with whom one talks. */
async function watching(tx: Tx, row: MessageRow): Promise<number[]> {
  if (kindOf(row.peer) !== 'user') return adminBots(tx, row.peer)
  const bots: number[] = []
  for (const id of new Set([row.owner, row.peer])) if ((await userRow(tx, id))?.bot === 1) bots.push(id)
  return bots
}

/**
 * Tells bots that somebody reacts to a message otherwise than before: who, where that is seen, else how many do. What
 * bots react with they are not told.
 * https://core.telegram.org/constructor/updateBotMessageReaction
 * https://core.telegram.org/constructor/updateBotMessageReactions
 * @param copies of the message, by owner
 */
export async function tellReactionBots(
  tx: Tx,
  row: MessageRow,
  copies: ReadonlyMap<number, readonly MessageRow[]>,
  { by, had, wanted }: { by: number; had: readonly string[]; wanted: readonly string[] },
): Promise<void> {
  if (by > 0 && (await userRow(tx, by))?.bot === 1) return
  for (const bot of await watching(tx, row)) {
    const copy = copies.get(row.owner < 0 ? row.owner : bot)?.[0]
    if (!copy) continue
    const at = { peer: toPeer(copy.peer), msgId: copy.id, date: tx.now, qts: 0 }
    if (showsReactors(row)) {
      const change = { oldReactions: had.map(viewReaction), newReactions: wanted.map(viewReaction) }
      await tellBot(tx, bot, { _: 'updateBotMessageReaction', ...at, actor: toPeer(by), ...change })
      continue
    }
    const view = (await viewReactions(tx, [{ ...copy, reacted: 1 }])).values().next().value
    const reactions = (view?.results ?? []).map(({ reaction, count }) => ({
      _: 'reactionCount' as const,
      reaction,
      count,
    }))
    await tellBot(tx, bot, { _: 'updateBotMessageReactions', ...at, reactions })
  }
}

/**
 * Tells a bot how somebody votes in a poll of its own where votes are seen; no options for a vote taken back.
 * https://core.telegram.org/constructor/updateMessagePollVote
 */
export async function tellVoteBot(tx: Tx, poll: PollRow, by: number, wanted: readonly string[]): Promise<void> {
  if (poll.public !== 1 || poll.creator < 0 || (await userRow(tx, poll.creator))?.bot !== 1) return
  const { answers } = keptPoll(poll).poll
  const options: Uint8Array[] = []
  const positions: number[] = []
  answers.forEach((answer, i) => {
    const { option } = answer as tl.pollAnswer
    if (!wanted.includes(optionKey(option))) return
    options.push(option)
    positions.push(i)
  })
  const vote = { pollId: BigInt(poll.id), peer: toPeer(by), options, positions, qts: 0 }
  await tellBot(tx, poll.creator, { _: 'updateMessagePollVote', ...vote })
}
