import { access } from '../../domain/access.ts'
import { complete } from '../../domain/complete.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { authorOf, reactionKey, showsReactors, viewReactor } from '../../domain/reactions.ts'
import { voterInBox } from '../../domain/voter.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { nextOffset, readOffset } from './offset.ts'

export default method(
  'messages.getMessageReactionsList',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const { row } = await access.message(ctx, peer, req.id).catch((error) => {
      throw error instanceof RpcError ? new RpcError('MSG_ID_INVALID') : error
    })
    if (!showsReactors(row)) throw new RpcError('BROADCAST_FORBIDDEN')
    const key = req.reaction && reactionKey(req.reaction)
    const all = ctx.db
      .selectFrom('reaction')
      .where('origin', '=', row.origin)
      .$if(key !== undefined, (q) => q.where('reaction', '=', key!))
    const limit = pageLimit(req.limit)
    const from = readOffset(req.offset)
    const rows = await all
      .selectAll()
      .$if(from !== undefined, (q) =>
        q.where((eb) =>
          eb.or([
            eb('date', '<', from!.date),
            eb.and([eb('date', '=', from!.date), eb('peer', '<', from!.peer)]),
            eb.and([eb('date', '=', from!.date), eb('peer', '=', from!.peer), eb('n', '<', from!.n)]),
          ]),
        ),
      )
      .orderBy('date', 'desc')
      .orderBy('peer', 'desc')
      .orderBy('n', 'desc')
      .limit(limit + 1)
      .execute()
    const { count } = await ctx.db
      .selectFrom('reaction_count')
      .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('count'), eb.lit(0)).as('count'))
      .where('origin', '=', row.origin)
      .$if(key !== undefined, (q) => q.where('reaction', '=', key!))
      .executeTakeFirstOrThrow()
    const page = rows.slice(0, limit)
    const author = authorOf(row) === ctx.viewer
    const voter = await voterInBox(ctx, row.owner)
    return complete<tl.messages_messageReactionsList>(ctx, {
      _: 'messages.messageReactionsList',
      count: Number(count),
      reactions: page.map((r) => viewReactor(r, voter, author)),
      chats: [],
      users: [],
      nextOffset: rows.length > limit ? nextOffset(page.at(-1)!) : undefined,
    })
  },
  { flood: 'read' },
)
