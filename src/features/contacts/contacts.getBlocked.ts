import { complete } from '../../domain/complete.ts'
import { toPeer } from '../../domain/peers.ts'
import { method } from '../../rpc/method.ts'
import { page } from './view.ts'

export default method(
  'contacts.getBlocked',
  async (ctx, req) => {
    const { offset, limit } = page(req)
    const list = ctx.db
      .selectFrom('block')
      .where('owner', '=', ctx.userId)
      .where('stories', '=', req.myStoriesFrom ? 1 : 0)
    const { count } = await list.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    const rows = await list
      .select(['peer', 'date'])
      .orderBy('date', 'desc')
      .orderBy('peer')
      .offset(offset)
      .limit(limit)
      .execute()
    const blocked = rows.map((row) => ({ _: 'peerBlocked' as const, peerId: toPeer(row.peer), date: row.date }))
    const whole = offset === 0 && rows.length === count
    if (whole) return complete(ctx, { _: 'contacts.blocked', blocked, users: [], chats: [] })
    return complete(ctx, { _: 'contacts.blockedSlice', count, blocked, users: [], chats: [] })
  },
  { flood: 'read' },
)
