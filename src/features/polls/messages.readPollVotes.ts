import { access, boxOf } from '../../domain/access.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { seenNews } from '../../domain/react.ts'
import { method } from '../../rpc/method.ts'
import { boxState, lockBoxes } from '../../updates/log.ts'
import { withUnreadVotes } from './unread.ts'

/** Messages whose votes are seen in one call. */
const PORTION = 100

export default method(
  'messages.readPollVotes',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      const owner = tx.userId
      const box = boxOf(tx, peer)
      await lockBoxes(tx, [...new Set([box, owner])])
      const rows = await withUnreadVotes(tx, peer, req.topMsgId).selectAll().orderBy('id').limit(PORTION).execute()
      await seenNews(tx, owner, rows, 'votes')
      const left = await dialogRow(tx, owner, peer.peer)
      const { pts } = await boxState(tx, box)
      const offset = rows.length === PORTION ? (left?.unread_votes ?? 0) : 0
      return { _: 'messages.affectedHistory', pts, ptsCount: 0, offset }
    }),
  { flood: 'write' },
)
