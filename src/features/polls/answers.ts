import type { PeerRef } from '../../domain/access.ts'
import { announce } from '../../domain/announce.ts'
import { POLL } from '../../domain/make-poll.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { atRest } from '../../domain/message-view.ts'
import { fromPeer } from '../../domain/peers.ts'
import { placesOf, tellPoll } from '../../domain/poll-places.ts'
import { isOver, keptPoll, optionKey } from '../../domain/polls.ts'
import type { Sent } from '../../domain/send.ts'
import { doerIn } from '../../domain/send-as.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { dropVotes, lockPoll } from './votes.ts'

/** A poll needs something to choose from. */
const LEAST = 1

/**
 * Adds an answer to a poll that takes them; everybody in the chat is told by a service message.
 * https://core.telegram.org/api/poll#open-answer-polls
 */
export async function addAnswer(
  tx: Tx,
  peer: PeerRef,
  row: MessageRow,
  id: number,
  answer: tl.pollAnswer,
): Promise<Sent> {
  const poll = await lockPoll(tx, id)
  if (isOver(poll, tx.now)) throw new RpcError('MESSAGE_POLL_CLOSED')
  const media = keptPoll(poll)
  const { answers } = media.poll
  if (!media.poll.openAnswers || answers.length >= POLL.answers) throw new RpcError('POLL_ANSWERS_INVALID')
  if (answers.some((a) => a.text.text === answer.text.text)) throw new RpcError('POLL_OPTION_DUPLICATE')
  await setAnswers(tx, id, media, [...answers, answer])
  await tellPoll(tx, await placesOf(tx, id, row), 'poll')
  return announce(tx, peer, row, { _: 'messageActionPollAppendAnswer', answer })
}

/**
 * Takes an answer out of a poll, and its votes with it: who made the poll may, and who added the answer, for some time.
 */
export async function deleteAnswer(tx: Tx, peer: PeerRef, row: MessageRow, id: number, option: string): Promise<Sent> {
  const poll = await lockPoll(tx, id)
  if (isOver(poll, tx.now)) throw new RpcError('MESSAGE_POLL_CLOSED')
  const media = keptPoll(poll)
  const answer = media.poll.answers.find((a) => optionKey((a as tl.pollAnswer).option) === option) as
    | tl.pollAnswer
    | undefined
  if (!answer || !media.poll.openAnswers) throw new RpcError('OPTION_INVALID')
  const mine = answer.addedBy !== undefined && fromPeer(answer.addedBy) === (await doerIn(tx, peer))
  const late = (answer.date ?? 0) + POLL.deletable < tx.now
  if (poll.creator !== tx.userId && (!mine || late)) throw new RpcError('MESSAGE_AUTHOR_REQUIRED')
  const left = media.poll.answers.filter((a) => a !== answer)
  if (left.length < LEAST) throw new RpcError('POLL_ANSWERS_INVALID')
  await setAnswers(tx, id, media, left)
  await dropVotes(tx, id, option)
  await tellPoll(tx, await placesOf(tx, id, row), 'poll')
  return announce(tx, peer, row, { _: 'messageActionPollDeleteAnswer', answer })
}

async function setAnswers(tx: Tx, id: number, media: tl.messageMediaPoll, answers: tl.PollAnswer[]): Promise<void> {
  const changed = atRest({ ...media, poll: { ...media.poll, answers } })
  await tx.trx.updateTable('poll').set({ tl: changed }).where('id', '=', id).execute()
}
