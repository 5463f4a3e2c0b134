import { access, boxOf, type ChannelRef, type PeerRef } from '../../domain/access.ts'
import { addressed } from '../../domain/channel-events.ts'
import { logEvent } from '../../domain/channel-members.ts'
import { memberRows } from '../../domain/chat-rows.ts'
import { copiesOf } from '../../domain/copies.ts'
import { saidIn } from '../../domain/direct-messages.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { wordsOf } from '../../domain/message-view.ts'
import { hasBlocked, type Sent, sendMessage } from '../../domain/send.ts'
import { topicOf } from '../../domain/threads.ts'
import type { Tx } from '../../rpc/context.ts'
import { query } from '../../storage/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import type { Telling } from '../../updates/append-many.ts'
import { lockBoxes, type Published } from '../../updates/log.ts'

/**
 * Whose copies a pin is for: everybody's in a group, both sides' of a private chat unless one pins for oneself (or is
 * blocked, and heard by nobody). https://core.telegram.org/api/pin
 */
async function copiesToPin(
  tx: Tx,
  peer: PeerRef,
  rows: readonly MessageRow[],
  oneside: boolean,
): Promise<Map<number, MessageRow[]>> {
  const owner = boxOf(tx, peer)
  const alone = peer.kind === 'user' && (peer.self || oneside || (await hasBlocked(tx, peer.id, owner)))
  if (alone) {
    await lockBoxes(tx, [owner])
    return new Map([[owner, [...rows]]])
  }
  const copies = await copiesOf(
    tx,
    owner,
    peer.peer,
    rows.map((row) => row.origin),
  )
  if (peer.kind !== 'chat') return copies
  const present = new Set((await memberRows(tx, peer.id)).map((m) => m.user_id))
  for (const box of copies.keys()) if (!present.has(box)) copies.delete(box)
  return copies
}

const pin = query<{ box: number; ids: readonly number[]; pinned: 0 | 1 }>()((db, p, d) =>
  db
    .updateTable('message')
    .set({ pinned: p.pinned })
    .where('owner', '=', p.box)
    .where('id', 'in', d.each(p.ids) as never)
    .where('pinned', '!=', p.pinned)
    .returning('id'),
)

/**
 * Pins or unpins messages and tells everybody for whom they are pinned.
 * @returns where that stands in the caller's box; undefined when nothing changed for the caller
 */
export async function setPinned(
  tx: Tx,
  peer: PeerRef,
  rows: readonly MessageRow[],
  pinned: boolean,
  oneside: boolean,
): Promise<Published | undefined> {
  const changed = await Promise.all(
    Array.from(await copiesToPin(tx, peer, rows, oneside), async ([box, copies]): Promise<Telling[]> => {
      const copyIds = copies.map((row) => row.id)
      const ids = (await tx.run(pin, { box, ids: copyIds, pinned: pinned ? 1 : 0 })).map((row) => row.id)
      if (ids.length === 0) return []
      return [[box, { kind: 'pinned', peer: copies[0]!.peer, ids: ids.sort((a, b) => a - b), pinned }]]
    }),
  )
  const told = await tx.publishAll(changed.flat())
  return told.find((one) => one.owner === boxOf(tx, peer))
}

function topicHeader(row: MessageRow): Partial<tl.messageReplyHeader> {
  const topic = topicOf(row)
  return topic === undefined ? {} : { forumTopic: true, replyToTopId: topic === row.id ? undefined : topic }
}

/** Tells the chat that a message was pinned. https://core.telegram.org/constructor/messageActionPinMessage */
export async function announcePin(tx: Tx, peer: PeerRef, row: MessageRow, silent: boolean): Promise<Sent> {
  return sendMessage(tx, access.me(tx), peer, {
    action: { _: 'messageActionPinMessage' },
    reply: { header: { _: 'messageReplyHeader', ...topicHeader(row) }, to: row },
    ...(peer.kind === 'channel' && row.saved_peer !== null ? saidIn(peer, row.saved_peer) : undefined),
    silent,
  })
}

/** Notes in a channel's recent actions that a message was pinned or unpinned. */
export async function logPin(tx: Tx, channel: ChannelRef, row: MessageRow): Promise<void> {
  const message = addressed(tx, row)
  await logEvent(tx, channel.id, 'pinned', { _: 'channelAdminLogEventActionUpdatePinned', message }, wordsOf(row))
}
