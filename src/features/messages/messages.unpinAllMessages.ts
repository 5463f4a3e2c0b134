import { sql } from 'kysely'
import { access, boxOf } from '../../domain/access.ts'
import { mayPin } from '../../domain/rights.ts'
import { ofThread } from '../../domain/threads.ts'
import { method } from '../../rpc/method.ts'
import { affectedHistory } from './affected.ts'
import { setPinned } from './pins.ts'

/** Messages unpinned in one call. */
const PORTION = 100

export default method(
  'messages.unpinAllMessages',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      mayPin(tx, peer)
      const thread = ofThread(peer, req.topMsgId)
      const savedPeer = req.savedPeerId && (await access.peer(tx, req.savedPeerId)).peer
      const pinned = tx.trx
        .selectFrom('message')
        .where('owner', '=', boxOf(tx, peer))
        .where(tx.app.store.d.rarely(sql`peer = ${peer.peer}`))
        .where('pinned', '=', 1)
        .$if(savedPeer !== undefined, (q) => q.where('saved_peer', '=', savedPeer!))
        .$if(thread !== undefined, (q) => q.where(thread!))
      const rows = await pinned.selectAll().orderBy('id', 'desc').limit(PORTION).execute()
      const published = rows.length > 0 ? await setPinned(tx, peer, rows, false, false) : undefined
      const left = await pinned.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
      return affectedHistory(tx, published, left.count)
    }),
  { flood: 'write' },
)
