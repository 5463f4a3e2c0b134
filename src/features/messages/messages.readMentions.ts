import { access } from '../../domain/access.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { method } from '../../rpc/method.ts'
import { affectedHistory } from './affected.ts'
import { unseenMentions } from './mentions.ts'
import { readContents } from './read-contents.ts'

/** Mentions seen in one call. */
const PORTION = 100

export default method(
  'messages.readMentions',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      const found = await unseenMentions(tx, peer.peer).select('id').orderBy('id').limit(PORTION).execute()
      const published = await readContents(
        tx,
        found.map((row) => row.id),
      )
      const left = await dialogRow(tx, tx.userId, peer.peer)
      return affectedHistory(tx, published, left?.unread_mentions ?? 0)
    }),
  { flood: 'write' },
)
