import { access } from '../../domain/access.ts'
import { complete } from '../../domain/complete.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { toPeer } from '../../domain/peers.ts'
import { isBarred } from '../../domain/poll-rights.ts'
import { isOver, keptPoll, optionKey, votesOf } from '../../domain/polls.ts'
import { voterIn } from '../../domain/send-as.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { pollMessage } from './votes.ts'

export default method(
  'messages.getPollVotes',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const { row, poll } = await pollMessage(ctx, peer, req.id, 'MSG_ID_INVALID')
    if (row.owner < 0 && row.out === 1) throw new RpcError('BROADCAST_FORBIDDEN')
    // Nobody can see who voted in an anonymous poll.
    if (poll.public === 0) throw new RpcError('MSG_ID_INVALID')
    const knows =
      poll.creator === ctx.userId ||
      isOver(poll, ctx.now) ||
      (await isBarred(ctx, poll, keptPoll(poll).poll)) ||
      (await votesOf(ctx, poll.id, await voterIn(ctx, peer))).length > 0
    if (!knows) throw new RpcError('POLL_VOTE_REQUIRED')
    const limit = pageLimit(req.limit)
    const from = readOffset(req.offset)
    const option = req.option && optionKey(req.option)
    const { rows, count } = await voters(ctx, poll.id, option, from, limit + 1)
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return complete<tl.messages_votesList>(ctx, {
      _: 'messages.votesList',
      count,
      votes: option === undefined ? await whatTheyChose(ctx, poll.id, page) : page.map(inputOption),
      chats: [],
      users: [],
      nextOffset: rows.length > limit && last ? `${last.date}:${last.peer}` : undefined,
    })
  },
  { flood: 'read' },
)

interface Voter {
  peer: number
  date: number
}

const inputOption = ({ peer, date }: Voter): tl.MessagePeerVote => ({
  _: 'messagePeerVoteInputOption',
  peer: toPeer(peer),
  date,
})

function readOffset(offset: string | undefined): Voter | undefined {
  const parts = /^(\d{1,12}):(-?\d{1,15})$/.exec(offset ?? '')
  return parts ? { date: Number(parts[1]), peer: Number(parts[2]) } : undefined
}

/** Who voted (for that option), the newest first, and how many there are. */
async function voters(
  ctx: Ctx,
  id: number,
  option: string | undefined,
  from: Voter | undefined,
  limit: number,
): Promise<{ rows: Voter[]; count: number }> {
  const all =
    option === undefined
      ? ctx.db.selectFrom('poll_voter').select(['peer', 'date']).where('poll_id', '=', id)
      : ctx.db.selectFrom('poll_choice').select(['peer', 'date']).where('poll_id', '=', id).where('option', '=', option)
  const rows = await ctx.db
    .selectFrom(all.as('v'))
    .selectAll()
    .$if(from !== undefined, (q) =>
      q.where((eb) =>
        eb.or([eb('date', '<', from!.date), eb.and([eb('date', '=', from!.date), eb('peer', '<', from!.peer)])]),
      ),
    )
    .orderBy('date', 'desc')
    .orderBy('peer', 'desc')
    .limit(limit)
    .execute()
  const { count } = await ctx.db
    .selectFrom(all.as('v'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return { rows, count }
}

async function whatTheyChose(ctx: Ctx, id: number, page: readonly Voter[]): Promise<tl.MessagePeerVote[]> {
  if (page.length === 0) return []
  const choices = await ctx.db
    .selectFrom('poll_choice')
    .select(['peer', 'option'])
    .where('poll_id', '=', id)
    .where(
      'peer',
      'in',
      page.map((v) => v.peer),
    )
    .orderBy('option')
    .execute()
  const byPeer = Map.groupBy(choices, (c) => c.peer)
  return page.map(({ peer, date }): tl.MessagePeerVote => {
    const options = (byPeer.get(peer) ?? []).map((c) => Buffer.from(c.option, 'hex'))
    const [only] = options
    if (only && options.length === 1) return { _: 'messagePeerVote', peer: toPeer(peer), option: only, date }
    return { _: 'messagePeerVoteMultiple', peer: toPeer(peer), options, date }
  })
}
