import { access, boxOf } from '../../domain/access.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { seenNews } from '../../domain/react.ts'
import { method } from '../../rpc/method.ts'
import { boxState, lockBoxes } from '../../updates/log.ts'
import { withUnread } from './unread.ts'

/** Messages whose reactions are seen in one call. */
const PORTION = 100

export default method(
  'messages.readReactions',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      const owner = tx.userId
      const box = boxOf(tx, peer)
      await lockBoxes(tx, [...new Set([box, owner])])
      const savedPeer = req.savedPeerId && (await access.peer(tx, req.savedPeerId)).peer
      const rows = await withUnread(tx, peer, req.topMsgId, savedPeer)
        .selectAll()
        .orderBy('id')
        .limit(PORTION)
        .execute()
      await seenNews(tx, owner, rows, 'reactions')
      const left = await dialogRow(tx, owner, peer.peer)
      const offset = rows.length === PORTION ? (left?.unread_reactions ?? 0) : 0
      if (rows.length === 0 || box < 0) {
        const { pts } = await boxState(tx, box)
        return { _: 'messages.affectedHistory', pts, ptsCount: 0, offset }
      }
      // The account's other devices learn of it as of anything that was opened.
      const ids = rows.map((row) => row.id)
      const { pts, ptsCount } = await tx.publish(owner, { kind: 'readContents', ids, date: tx.now })
      return { _: 'messages.affectedHistory', pts, ptsCount, offset }
    }),
  { flood: 'write' },
)
