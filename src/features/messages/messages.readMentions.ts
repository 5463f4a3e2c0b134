import { access } from '../../domain/access.ts'
import { seeInChannel } from '../../domain/channel-seen.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { method } from '../../rpc/method.ts'
import { boxState } from '../../updates/log.ts'
import { affectedHistory } from './affected.ts'
import { countMentions, unseenMentions } from './mentions.ts'
import { readContents } from './read-contents.ts'

/** Mentions seen in one call. */
const PORTION = 100

export default method(
  'messages.readMentions',
  (ctx, req) =>
    ctx.transact(async (tx) => {
      const peer = await access.peer(tx, req.peer)
      const found = await unseenMentions(tx, peer, req.topMsgId).select('id').orderBy('id').limit(PORTION).execute()
      if (peer.kind === 'channel') {
        await seeInChannel(
          tx,
          peer,
          found.map((row) => row.id),
        )
        const offset = await countMentions(tx, peer, req.topMsgId)
        const { pts } = await boxState(tx, peer.peer)
        return { _: 'messages.affectedHistory', pts, ptsCount: 0, offset }
      }
      const published = await readContents(
        tx,
        found.map((row) => row.id),
      )
      const left = await dialogRow(tx, tx.userId, peer.peer)
      return affectedHistory(tx, published, left?.unread_mentions ?? 0)
    }),
  { flood: 'write' },
)
