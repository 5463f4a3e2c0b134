import { method } from '../../rpc/method.ts'
import { boxState } from '../../updates/log.ts'
import { sessionQts } from '../../updates/secret-queue.ts'

export default method('updates.getState', async (ctx) => {
  const { pts, ...state } = await boxState(ctx, ctx.userId)
  const qts = await sessionQts(ctx, state)
  const unread = await ctx.db
    .selectFrom('dialog')
    .select((eb) => eb.fn.sum<number | null>('unread').as('unread'))
    .where('owner', '=', ctx.userId)
    .executeTakeFirst()
  return { _: 'updates.state', pts, qts, date: ctx.now, seq: 0, unreadCount: Number(unread?.unread ?? 0) }
})
