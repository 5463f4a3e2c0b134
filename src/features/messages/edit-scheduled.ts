import type { PeerRef } from '../../domain/access.ts'
import { hasRight } from '../../domain/channel-rights.ts'
import { makeMedia } from '../../domain/media.ts'
import { atRest, storeEntities } from '../../domain/message-view.ts'
import { composeText, mentionedBy } from '../../domain/outgoing.ts'
import { richContent } from '../../domain/rich/content.ts'
import { maySend, sendAction } from '../../domain/rights.ts'
import {
  cameOnline,
  changeScheduled,
  checkDate,
  checkPeriod,
  isOnline,
  type ScheduledChange,
  WHEN_ONLINE,
} from '../../domain/scheduled.ts'
import { mayQueue, type ScheduledRow, scheduledRow } from '../../domain/scheduled-rows.ts'
import { asUpdates } from '../../domain/sent.ts'
import { userRow } from '../../domain/user-rows.ts'
import { previewOf } from '../../domain/web/previews.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type { Params } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { mayCaption, mayReplace, mediaOf } from './edit-media.ts'

type Request = Params<'messages.editMessage'>

/**
 * Edits a message that waits in a queue: with a date, editMessage names one of those. SCHEDULE_DATE_INVALID for a date
 * that is over or too far ahead. https://core.telegram.org/api/scheduled-messages
 */
export async function editScheduled(ctx: Ctx, peer: PeerRef, req: Request): Promise<tl.updates> {
  const row = await scheduledRow(ctx, peer.peer, req.id)
  if (!row || !mayQueue(peer)) throw new RpcError('MESSAGE_ID_INVALID')
  const others = row.author !== null && row.author !== ctx.userId
  if (others && !(peer.kind === 'channel' && hasRight(peer, 'editMessages'))) {
    throw new RpcError('MESSAGE_AUTHOR_REQUIRED')
  }
  const date = req.scheduleDate!
  const online = date === WHEN_ONLINE && (await isOnline(ctx, peer))
  if (date !== WHEN_ONLINE) {
    if (date <= ctx.now) throw new RpcError('SCHEDULE_DATE_INVALID')
    checkDate(ctx, date, 'SCHEDULE_DATE_INVALID')
  }
  const period = req.scheduleRepeatPeriod || null
  if (period !== null) checkPeriod(ctx, period, (await userRow(ctx, ctx.userId))?.premium === 1)
  const content = await contentChange(ctx, peer, row, req)
  const edited = content !== undefined && differs(row, content)
  if (!edited && date === row.date && period === row.repeat_period) throw new RpcError('MESSAGE_NOT_MODIFIED')
  return ctx.transact(async (tx) => {
    const change = { ...content, date, repeat_period: period }
    const update = await changeScheduled(tx, { peer: peer.peer, id: row.id }, change, edited)
    if (online) await cameOnline(tx, peer.id)
    return asUpdates(tx, [update])
  })
}

/** What the call changes besides the date; undefined for nothing. */
async function contentChange(
  ctx: Ctx,
  peer: PeerRef,
  row: ScheduledRow,
  req: Request,
): Promise<ScheduledChange | undefined> {
  if (req.message === undefined && req.media === undefined && !req.richMessage) return undefined
  if (row.fwd) throw new RpcError('MESSAGE_AUTHOR_REQUIRED')
  const before = mediaOf(row.media)
  if (req.richMessage) {
    if (before) throw new RpcError('MEDIA_PREV_INVALID')
    const { media, mentions } = await richContent(ctx, peer, req.richMessage)
    return { text: '', entities: null, media: atRest(media), invert_media: 0, mentions: listed(mentions) }
  }
  let media: tl.MessageMedia | undefined = before
  if (req.media && req.media._ !== 'inputMediaEmpty') {
    media = await makeMedia(ctx, req.media)
    mayReplace(row, before, media)
    await maySend(ctx, peer, [sendAction(media)])
  } else mayCaption(before)
  const change: ScheduledChange = {
    media: media ? atRest(media) : null,
    invert_media: req.invertMedia ? 1 : 0,
  }
  if (req.message === undefined) return change
  const { text, entities } = await composeText(ctx, req.message, req.entities, media !== undefined)
  if (text === '' && !media) throw new RpcError('MESSAGE_EMPTY')
  const preview = media || req.noWebpage ? undefined : await previewOf(ctx, peer, text, entities)
  if (preview) change.media = atRest(preview)
  const mentions = await mentionedBy(ctx, peer, text, entities)
  return { ...change, text, entities: storeEntities(entities), mentions: listed(mentions) }
}

const listed = (mentions: readonly number[] | undefined): string | null =>
  mentions && mentions.length > 0 ? JSON.stringify(mentions) : null

function differs(row: ScheduledRow, change: ScheduledChange): boolean {
  const same = (a: Uint8Array | null, b: Uint8Array | null) => (a && b ? Buffer.compare(a, b) === 0 : a === b)
  if (change.text !== undefined && change.text !== row.text) return true
  if (change.entities !== undefined && !same(change.entities, row.entities)) return true
  return !same(change.media ?? null, row.media) || change.invert_media !== row.invert_media
}
