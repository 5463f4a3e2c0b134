import { access, boxOf, type ChannelRef, type PeerRef } from '../../domain/access.ts'
import { addressed } from '../../domain/channel-events.ts'
import { logEvent } from '../../domain/channel-members.ts'
import { isOwn } from '../../domain/channel-messages.ts'
import { hasRight, isIn } from '../../domain/channel-rights.ts'
import { memberRows } from '../../domain/chat-rows.ts'
import { editCopy } from '../../domain/comments.ts'
import { holders } from '../../domain/copies.ts'
import { locationMoved } from '../../domain/live-locations.ts'
import { type MessageRow, messageRow } from '../../domain/message-rows.ts'
import { atRest, type Carried, isPost, MEDIA_KIND, mediaKind, storeEntities } from '../../domain/message-view.ts'
import { reindex } from '../../domain/search-index.ts'
import { sendMessage } from '../../domain/send.ts'
import { followPage } from '../../domain/web/pages.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { lockBoxes, type Published } from '../../updates/log.ts'

/** What a message becomes. */
export interface Edit {
  text: string
  entities: tl.MessageEntity[] | undefined
  media: Carried | undefined
  invertMedia: boolean
  /** False for what moves by itself, such as a live location: it does not show as edited. */
  shown: boolean
}

/**
 * Refuses to edit what is not the caller's own, or not any more: MESSAGE_ID_INVALID, MESSAGE_AUTHOR_REQUIRED,
 * MESSAGE_EDIT_TIME_EXPIRED. https://core.telegram.org/method/messages.editMessage
 * @param moving a live location is being moved: it may be as long as it lives
 */
export function mayEdit(ctx: Ctx, peer: PeerRef, row: MessageRow, moving: boolean): void {
  if (row.action) throw new RpcError('MESSAGE_ID_INVALID')
  if (peer.kind === 'channel') {
    mayEditInChannel(ctx, peer, row, moving)
    return
  }
  if (row.from_id !== ctx.userId || row.out !== 1 || row.fwd || row.via_bot) {
    throw new RpcError('MESSAGE_AUTHOR_REQUIRED')
  }
  if (row.peer === row.owner || moving) return
  if (row.date + ctx.app.config.limits.editSeconds < ctx.now) throw new RpcError('MESSAGE_EDIT_TIME_EXPIRED')
}

/** One's own, as long as one may still speak; posts also whoever edits them, without end while pinned or in channels. */
function mayEditInChannel(ctx: Ctx, channel: ChannelRef, row: MessageRow, moving: boolean): void {
  const broadcast = channel.row.megagroup === 0
  if (row.via_bot && row.sender !== ctx.userId) throw new RpcError('MESSAGE_AUTHOR_REQUIRED')
  if (row.fwd) throw new RpcError('MESSAGE_AUTHOR_REQUIRED')
  if (broadcast && hasRight(channel, 'editMessages')) return
  const own = isOwn(ctx, channel, row) && (!broadcast || hasRight(channel, 'postMessages'))
  if (!own) throw new RpcError(broadcast ? 'CHAT_ADMIN_REQUIRED' : 'MESSAGE_AUTHOR_REQUIRED')
  if (!isIn(channel.member) && channel.row.linked === null) throw new RpcError('CHAT_WRITE_FORBIDDEN')
  if (moving || hasRight(channel, 'pinMessages')) return
  if (row.date + ctx.app.config.limits.editSeconds < ctx.now) throw new RpcError('MESSAGE_EDIT_TIME_EXPIRED')
}

/**
 * Changes every copy of a message and tells whoever has one. Those who left a group keep what they had.
 * MESSAGE_NOT_MODIFIED when nothing would change.
 */
export async function editMessage(
  tx: Tx,
  peer: PeerRef,
  id: number,
  edit: Edit,
): Promise<{ row: MessageRow; published: Published }> {
  const owner = boxOf(tx, peer)
  const owners =
    peer.kind === 'chat' ? (await memberRows(tx, peer.id)).map((m) => m.user_id) : await holders(tx, owner, peer.peer)
  await lockBoxes(tx, owners)
  const before = await messageRow(tx, owner, id)
  if (!before) throw new RpcError('MESSAGE_ID_INVALID')
  const set = {
    text: edit.text,
    entities: storeEntities(edit.entities),
    media: edit.media ? atRest(edit.media) : null,
    media_kind: mediaKind(edit) | (before.media_kind & MEDIA_KIND.factCheck),
    invert_media: edit.invertMedia ? 1 : 0,
  }
  if (!differs(before, set)) throw new RpcError('MESSAGE_NOT_MODIFIED')
  const rows = await tx.trx
    .updateTable('message')
    .set({ ...set, edit_date: tx.now, edit_hide: edit.shown ? 0 : 1 })
    .where('owner', 'in', owners)
    .where('origin', '=', before.origin)
    .returningAll()
    .execute()
  rows.sort((a, b) => a.owner - b.owner)
  if (peer.kind === 'channel' && edit.shown) await logEdit(tx, peer, before, rows[0]!)
  const published = await tx.publishAll(rows.map((row) => [row.owner, { kind: 'editMessage', ref: row.id }]))
  await Promise.all(rows.map((row) => reindex(tx, row)))
  const row = rows.find((one) => one.owner === owner)!
  if (isPost(row) && row.replies !== null) {
    await editCopy(tx, row, { ...set, edit_date: row.edit_date, edit_hide: row.edit_hide })
  }
  if (edit.media?._ === 'messageMediaWebPage') await followPage(tx, row, edit.media)
  if (edit.media?._ === 'messageMediaGeoLive') {
    const alerts = await locationMoved(tx, row, edit.media)
    for (const alert of alerts) await sendMessage(tx.aloud, access.me(tx), peer, alert)
  }
  return { row, published: published.findLast((one) => one.owner === owner)! }
}

async function logEdit(tx: Tx, channel: ChannelRef, before: MessageRow, after: MessageRow): Promise<void> {
  const [prevMessage, newMessage] = [addressed(tx, before), addressed(tx, after)]
  const action = { _: 'channelAdminLogEventActionEditMessage' as const, prevMessage, newMessage }
  await logEvent(tx, channel.id, 'edit', action, `${before.text} ${after.text}`)
}

function differs(before: MessageRow, set: Pick<MessageRow, 'text' | 'entities' | 'media' | 'invert_media'>): boolean {
  const same = (a: Uint8Array | null, b: Uint8Array | null) =>
    a === b || (a !== null && b !== null && Buffer.compare(a, b) === 0)
  return !(
    before.text === set.text &&
    before.invert_media === set.invert_media &&
    same(before.entities, set.entities) &&
    same(before.media, set.media)
  )
}
