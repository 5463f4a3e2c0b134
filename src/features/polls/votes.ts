import { access, type PeerRef } from '../../domain/access.ts'
import { tellVoteBot } from '../../domain/bot-activity.ts'
import { isPresent } from '../../domain/chat-rights.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { copiesIn, findPlaces, tellPoll } from '../../domain/poll-places.ts'
import { isBarred } from '../../domain/poll-rights.ts'
import {
  isOver,
  keptPoll,
  loadPolls,
  optionKey,
  type PollRow,
  pollIdOf,
  pollRow,
  pollUpdate,
  votesOf,
} from '../../domain/polls.ts'
import { setUnseen } from '../../domain/react.ts'
import { authorOf } from '../../domain/reactions.ts'
import { actingVoter } from '../../domain/send-as.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { type ErrorName, RpcError } from '../../rpc/errors.ts'
import { query } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'

const countVote = query<{ id: number; option: string }>()((db, p) =>
  db
    .insertInto('poll_option')
    .values({ poll_id: p.id, option: p.option, voters: 1 })
    .onConflict((c) =>
      c.columns(['poll_id', 'option']).doUpdateSet((eb) => ({ voters: eb('poll_option.voters', '+', 1) })),
    ),
)
const discountVote = query<{ id: number; option: string }>()((db, p) =>
  db
    .updateTable('poll_option')
    .set((eb) => ({ voters: eb('voters', '-', 1) }))
    .where('poll_id', '=', p.id)
    .where('option', '=', p.option),
)
const choose = query<{ id: number; option: string; peer: number; date: number }>()((db, p) =>
  db.insertInto('poll_choice').values({ poll_id: p.id, option: p.option, peer: p.peer, date: p.date }),
)
const unchoose = query<{ id: number; option: string; peer: number }>()((db, p) =>
  db.deleteFrom('poll_choice').where('poll_id', '=', p.id).where('peer', '=', p.peer).where('option', '=', p.option),
)
const addVoter = query<{ id: number; peer: number; date: number }>()((db, p) =>
  db.insertInto('poll_voter').values({ poll_id: p.id, peer: p.peer, date: p.date }),
)
const dropVoter = query<{ id: number; peer: number }>()((db, p) =>
  db.deleteFrom('poll_voter').where('poll_id', '=', p.id).where('peer', '=', p.peer),
)
const countVoters = query<{ id: number; more: number }>()((db, p) =>
  db
    .updateTable('poll')
    .set((eb) => ({ voters: eb('voters', '+', p.more) }))
    .where('id', '=', p.id),
)
/** Locks the poll, so that what is decided about it here holds to the commit. */
const touch = query<{ id: number }>()((db, p) =>
  db
    .updateTable('poll')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', p.id)
    .returningAll(),
)

/** The message a caller names by its poll; `error` for one without. */
export async function pollMessage(
  ctx: Ctx,
  peer: PeerRef,
  msgId: number,
  error: ErrorName,
): Promise<{ row: MessageRow; poll: PollRow }> {
  const { row } = await access.message(ctx, peer, msgId).catch((thrown) => {
    throw thrown instanceof RpcError ? new RpcError(error) : thrown
  })
  const id = pollIdOf(row)
  const poll = id === undefined ? undefined : await pollRow(ctx, id)
  if (!poll) throw new RpcError(error)
  return { row, poll }
}

/** Locks a poll for a change of it. */
export async function lockPoll(tx: Tx, id: number): Promise<PollRow> {
  const [row] = await tx.run(touch, { id })
  if (!row) throw new RpcError('MESSAGE_ID_INVALID')
  return row
}

/** The poll of a message as it is now, as an update for the caller. */
export async function pollNow(ctx: Ctx, row: MessageRow): Promise<tl.Update> {
  return pollUpdate(row, (await loadPolls(ctx, [row])).get(row)!)
}

/**
 * Votes, or takes the vote back where no options are given. MESSAGE_POLL_CLOSED, OPTION_INVALID, OPTIONS_TOO_MUCH,
 * REVOTE_NOT_ALLOWED. https://core.telegram.org/method/messages.sendVote
 */
export async function vote(tx: Tx, peer: PeerRef, row: MessageRow, id: number, options: Uint8Array[]): Promise<void> {
  if (peer.kind === 'chat' && !isPresent(peer)) throw new RpcError('PEER_ID_INVALID')
  const by = await actingVoter(tx, peer)
  // Everybody who votes waits for the lock: what is read behind it is asked together.
  const [poll, before, places] = await Promise.all([lockPoll(tx, id), votesOf(tx, id, by), findPlaces(tx, id, row)])
  if (isOver(poll, tx.now)) throw new RpcError('MESSAGE_POLL_CLOSED')
  const wanted = checkOptions(poll, options)
  const { poll: rules } = keptPoll(poll)
  // No error is published for who is kept out: to them it is closed.
  if (await isBarred(tx, poll, rules)) throw new RpcError('MESSAGE_POLL_CLOSED')
  if (before.length > 0 && rules.revotingDisabled) throw new RpcError('REVOTE_NOT_ALLOWED')
  const added = wanted.filter((o) => !before.includes(o))
  const removed = before.filter((o) => !wanted.includes(o))
  if (added.length === 0 && removed.length === 0) return
  for (const option of removed) {
    tx.write(discountVote, { id, option })
    tx.write(unchoose, { id, option, peer: by })
  }
  for (const option of added) {
    tx.write(countVote, { id, option })
    tx.write(choose, { id, option, peer: by, date: tx.now })
  }
  countVoter(tx, id, by, before.length > 0, wanted.length > 0)
  const copies = await copiesIn(tx, id, places)
  await markUnseen(tx, poll, copies, row, wanted.length > 0)
  await tellPoll(tx, copies, 'votes')
  await tellVoteBot(tx, poll, by, wanted)
}

function checkOptions(poll: PollRow, options: readonly Uint8Array[]): string[] {
  const { poll: rules } = keptPoll(poll)
  const known = new Set(rules.answers.map((a) => optionKey((a as tl.pollAnswer).option)))
  const wanted = [...new Set(options.map(optionKey))]
  if (wanted.length < options.length || !wanted.every((o) => known.has(o))) throw new RpcError('OPTION_INVALID')
  if (wanted.length > 1 && !rules.multipleChoice) throw new RpcError('OPTIONS_TOO_MUCH')
  return wanted
}

function countVoter(tx: Tx, id: number, peer: number, before: boolean, after: boolean): void {
  if (before === after) return
  if (after) tx.write(addVoter, { id, peer, date: tx.now })
  else tx.write(dropVoter, { id, peer })
  tx.write(countVoters, { id, more: after ? 1 : -1 })
}

/** Votes that can be seen are news to who made the poll, in the message that was voted in. */
async function markUnseen(
  tx: Tx,
  poll: PollRow,
  copies: readonly MessageRow[],
  voted: MessageRow,
  fresh: boolean,
): Promise<void> {
  if (!fresh || poll.public === 0 || poll.creator === tx.userId) return
  const own = copies.find((copy) => copy.origin === voted.origin && (copy.owner === poll.creator || copy.owner < 0))
  if (own && authorOf(own) === poll.creator) await setUnseen(tx, own, poll.creator, 'votes', true)
}

/** Takes an answer's votes away with it. Who voted for nothing else has not voted any more. */
export async function dropVotes(tx: Tx, id: number, option: string): Promise<void> {
  await tx.trx.deleteFrom('poll_choice').where('poll_id', '=', id).where('option', '=', option).execute()
  await tx.trx.deleteFrom('poll_option').where('poll_id', '=', id).where('option', '=', option).execute()
  const gone = await tx.trx
    .deleteFrom('poll_voter')
    .where('poll_id', '=', id)
    .where('peer', 'not in', (eb) => eb.selectFrom('poll_choice').select('peer').where('poll_id', '=', id))
    .returning('peer')
    .execute()
  await tx.trx
    .updateTable('poll')
    .set((eb) => ({ voters: eb('voters', '-', gone.length) }))
    .where('id', '=', id)
    .execute()
}
