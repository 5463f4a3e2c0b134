import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Messages named in one answer, the newest first. */
const MOST = 100

export default method(
  'messages.receivedMessages',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const owner = tx.userId
      const before = await tx.trx.selectFrom('received').select('max_id').where('owner', '=', owner).executeTakeFirst()
      const after = before?.max_id ?? 0
      if (req.maxId <= after) return []
      const to = Math.min(req.maxId, 0x7fffffff)
      await tx.trx
        .insertInto('received')
        .values({ owner, max_id: to })
        .onConflict((c) => c.column('owner').doUpdateSet({ max_id: to }))
        .execute()
      // What was read meanwhile needs no notification either way.
      const rows = await tx.trx
        .selectFrom('message as m')
        .innerJoin('dialog as d', (j) => j.onRef('d.owner', '=', 'm.owner').onRef('d.peer', '=', 'm.peer'))
        .select('m.id')
        .where('m.owner', '=', owner)
        .where('m.id', '>', after)
        .where('m.id', '<=', to)
        .where('m.out', '=', 0)
        .whereRef('m.id', '>', 'd.read_inbox')
        .orderBy('m.id', 'desc')
        .limit(MOST)
        .execute()
      return rows.map((row): tl.ReceivedNotifyMessage => ({ _: 'receivedNotifyMessage', id: row.id, flags: 0 }))
    }),
  { flood: 'write' },
)
