import type { Tx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import type { MessageRow } from './message-rows.ts'
import { MEDIA_KIND } from './message-view.ts'
import { kindOf, toPeer } from './peers.ts'
import { copyId, hasBlocked } from './send.ts'

/**
 * Tells whoever shares their location that the caller looks at it, so that their client finds out anew where they are.
 * Who has blocked the caller in a private chat is not told. Nothing of it is kept.
 * https://core.telegram.org/api/live-location#receiving-live-locations
 * @param rows the caller's copies of what they look at, or a channel's messages
 */
export async function lookedAt(tx: Tx, rows: readonly MessageRow[]): Promise<void> {
  for (const row of rows) {
    const sender = row.sender ?? row.from_id
    if ((row.media_kind & MEDIA_KIND.geo) === 0 || row.fwd || sender <= 0 || sender === tx.viewer) continue
    const media = readObject(row.media!) as tl.MessageMedia
    if (media._ !== 'messageMediaGeoLive' || row.date + media.period <= tx.now) continue
    const direct = kindOf(row.peer) === 'user'
    if (direct && (await hasBlocked(tx, sender, tx.viewer))) continue
    const msgId = row.owner < 0 ? row.id : await copyId(tx, sender, row.origin)
    if (msgId === undefined) continue
    const update: tl.Update = { _: 'updateGeoLiveViewed', peer: toPeer(direct ? tx.viewer : row.peer), msgId }
    tx.onCommit(() => tx.app.hub.signal(sender, update))
  }
}
