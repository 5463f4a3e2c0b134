import type { PeerRef } from '../../domain/access.ts'
import { isCreator } from '../../domain/chat-rights.ts'
import { copiesOf, holders } from '../../domain/copies.ts'
import { dialogRow, type MessageRow, messageRow } from '../../domain/message-rows.ts'
import { atRest } from '../../domain/message-view.ts'
import { removeMessages } from '../../domain/remove-messages.ts'
import { unindex } from '../../domain/search-index.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { lockBoxes, type Published } from '../../updates/log.ts'
import { seenMention } from './read-contents.ts'

/** Messages deleted in one call; the client repeats it until nothing is left. */
const PORTION = 500

export interface HistoryRange {
  /** 0: up to the newest. */
  maxId: number
  minDate: number
  maxDate: number
  /** Clear the history and keep the dialog in the list. */
  justClear: boolean
  /** Out of everybody's history. */
  revoke: boolean
}

/**
 * Deletes a portion of a dialog's history, the newest first.
 * https://core.telegram.org/method/messages.deleteHistory
 * @returns where it stands in the caller's box, and how many messages are left to delete
 */
export async function deleteHistory(
  tx: Tx,
  peer: PeerRef,
  range: HistoryRange,
): Promise<{ published: Published | undefined; left: number }> {
  if (range.revoke && peer.kind === 'chat' && !isCreator(peer)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  const owner = tx.userId
  await lockBoxes(tx, range.revoke ? await holders(tx, owner, peer.peer) : [owner])
  const dialog = await dialogRow(tx, owner, peer.peer)
  if (!dialog) return { published: undefined, left: 0 }
  // What the dialog keeps its place in the list by.
  const stone = range.justClear ? dialog.top_message : 0
  const chosen = () =>
    tx.trx
      .selectFrom('message')
      .where('owner', '=', owner)
      .where('peer', '=', peer.peer)
      .where('id', '<>', stone)
      .$if(range.maxId > 0, (q) => q.where('id', '<=', range.maxId))
      .$if(range.minDate > 0, (q) => q.where('date', '>=', range.minDate))
      .$if(range.maxDate > 0, (q) => q.where('date', '<=', range.maxDate))
  const rows = await chosen().selectAll().orderBy('id', 'desc').limit(PORTION).execute()
  const copies =
    range.revoke && !(peer.kind === 'user' && peer.self)
      ? await copiesOf(
          tx,
          owner,
          peer.peer,
          rows.map((row) => row.origin),
        )
      : new Map<number, MessageRow[]>([[owner, rows]])
  let published = (await removeMessages(tx, copies)).get(owner)
  const { count } = await chosen()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (count === 0 && stone > 0 && reaches(range, stone)) {
    published = joined(published, await leaveStone(tx, owner, stone, range.revoke ? peer : undefined))
  }
  return { published, left: count }
}

const reaches = (range: HistoryRange, id: number) =>
  (range.maxId <= 0 || id <= range.maxId) && range.minDate <= 0 && range.maxDate <= 0

/** Puts "history was cleared" in the place of the newest message. */
async function leaveStone(
  tx: Tx,
  owner: number,
  id: number,
  revokedIn: PeerRef | undefined,
): Promise<Published | undefined> {
  const row = await messageRow(tx, owner, id)
  if (!row) return undefined
  if (row.mentioned === 1 && row.media_unread === 1) await seenMention(tx, owner, row.peer)
  await tx.trx
    .updateTable('message')
    .set({
      ...{ text: '', entities: null, media: null, media_kind: 0, reply: null, reply_to: null, fwd: null, markup: null },
      ...{ grouped_id: null, pinned: 0, mentioned: 0, media_unread: 0, edit_date: null },
      action: atRest({ _: 'messageActionHistoryClear' }),
    })
    .where('owner', '=', owner)
    .where('id', '=', id)
    .execute()
  await unindex(tx, owner, [id])
  if (revokedIn && revokedIn.peer !== owner) {
    const copies = await copiesOf(tx, owner, revokedIn.peer, [row.origin])
    copies.delete(owner)
    await removeMessages(tx, copies)
  }
  return tx.publish(owner, { kind: 'editMessage', ref: id })
}

/** Two steps in one box as one, for a client that has to count them both. */
function joined(first: Published | undefined, second: Published | undefined): Published | undefined {
  if (!first || !second) return second ?? first
  return { ...second, ptsCount: first.ptsCount + second.ptsCount }
}
