import { sql } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { logEvent } from './channel-members.ts'
import type { MessageRow } from './message-rows.ts'
import { viewMessage, wordsOf } from './message-view.ts'

/** How long what administrators did is shown, seconds. https://core.telegram.org/api/recent-actions */
export const EVENTS_KEPT = 48 * 3600

/** A message as the recent actions keep it: addressed to nobody, with files that get their viewer's hashes later. */
export function addressed(ctx: Ctx, row: MessageRow): tl.Message {
  const view = viewMessage(ctx, row) as tl.message
  // What a link showed is not kept: it was looked up when the message was read.
  const media = view.media?._ === 'messageMediaWebPage' ? undefined : view.media
  return strip({ ...view, media, out: undefined })
}

const dropOld = query<{ channel: number; before: number }>()((db, p) =>
  db
    .deleteFrom('channel_event')
    .where('channel_id', '=', p.channel)
    .where('kind', '=', sql.lit('send'))
    .where('date', '<', p.before),
)

/** Notes who posted something in a channel. Of what was posted nothing is kept longer than it is shown. */
export async function logPost(tx: Tx, channelId: number, row: MessageRow): Promise<void> {
  const action = { _: 'channelAdminLogEventActionSendMessage' as const, message: addressed(tx, row) }
  await logEvent(tx, channelId, 'send', action, wordsOf(row), row.sender ?? tx.userId)
  await tx.run(dropOld, { channel: channelId, before: tx.now - EVENTS_KEPT })
}

function strip<T>(value: T): T {
  if (Array.isArray(value)) return value.map(strip) as T
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  const copy: Record<string, unknown> = {}
  for (const [key, one] of Object.entries(value)) copy[key] = typeof one === 'object' ? strip(one) : one
  if (copy._ === 'photo' || copy._ === 'document') {
    copy.accessHash = 0n
    copy.fileReference = new Uint8Array(0)
  }
  return copy as T
}
