import { access } from '../../domain/access.ts'
import { answerMessages } from '../../domain/message-list.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { pageLimit } from '../../domain/pagination.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { searchIn, searching } from './search-messages.ts'

/** Places looked at, the newest first. */
const LOOKED_AT = 500

export default method(
  'messages.getRecentLocations',
  async (ctx, req) => {
    const peer = await access.peer(ctx, req.peer)
    const rows = await searching(ctx, { ...searchIn(peer), filter: { _: 'inputMessagesFilterGeo' } })
      .selectAll()
      .orderBy('id', 'desc')
      .limit(LOOKED_AT)
      .execute()
    const live: MessageRow[] = []
    const from = new Set<number>()
    for (const row of rows) {
      const media = readObject(row.media!) as tl.MessageMedia
      if (media._ !== 'messageMediaGeoLive' || row.date + media.period <= ctx.now || from.has(row.from_id)) continue
      from.add(row.from_id)
      live.push(row)
    }
    const found = live.slice(0, pageLimit(req.limit))
    const channel = peer.kind === 'channel' ? peer : undefined
    return answerMessages(ctx, found, { count: live.length, hash: req.hash, channel })
  },
  { flood: 'read' },
)
