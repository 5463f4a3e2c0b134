import type { Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { lockBoxes } from '../updates/log.ts'
import type { PeerRef } from './access.ts'
import { holders } from './copies.ts'
import { atRest } from './message-view.ts'
import { isMonoforum, toPeer } from './peers.ts'
import { threadState } from './thread-states.ts'

/**
 * Keeps what is being written in a dialog, and tells the account's other devices.
 * https://core.telegram.org/api/drafts
 * @param topic of a forum, other than the general one; of a monoforum, whose direct messages (marked id)
 */
export async function setDraft(tx: Tx, peer: PeerRef, draft: tl.draftMessage, topic?: number): Promise<void> {
  await lockBoxes(tx, [tx.userId])
  const row = { draft: atRest(draft), draft_date: draft.date }
  if (topic !== undefined) {
    await tx.trx
      .insertInto('thread_state')
      .values({ owner: tx.userId, peer: peer.peer, thread: topic, ...row })
      .onConflict((c) => c.columns(['owner', 'peer', 'thread']).doUpdateSet(row))
      .execute()
    const update: tl.Update = {
      _: 'updateDraftMessage',
      peer: toPeer(peer.peer),
      ...draftPlace(peer.peer, topic),
      draft,
    }
    await tx.publish(tx.userId, { kind: 'update', update })
    return
  }
  await tx.trx
    .insertInto('dialog')
    .values({ owner: tx.userId, peer: peer.peer, ...row })
    .onConflict((c) => c.columns(['owner', 'peer']).doUpdateSet(row))
    .execute()
  await tx.publish(tx.userId, { kind: 'update', update: { _: 'updateDraftMessage', peer: toPeer(peer.peer), draft } })
}

const draftOf = query<{ owner: number; peer: number }>()((db, p) =>
  db.selectFrom('dialog').select('draft').where('owner', '=', p.owner).where('peer', '=', p.peer),
)

/**
 * Drops the draft of a dialog, here and on the account's other devices.
 * @returns what tells of it, for the caller's own answer; nothing where there was none
 */
export async function clearDraft(tx: Tx, peer: PeerRef, topic?: number): Promise<tl.Update[]> {
  if (topic !== undefined) return clearTopicDraft(tx, peer, topic)
  const [dialog] = await tx.run(draftOf, { owner: tx.userId, peer: peer.peer })
  if (!dialog?.draft) return []
  // Most often a message follows into the same dialog: its boxes are locked in their order before one's own changes.
  await lockBoxes(tx, await holders(tx, tx.userId, peer.peer))
  const cleared = await tx.trx
    .updateTable('dialog')
    .set({ draft: null, draft_date: 0 })
    .where('owner', '=', tx.userId)
    .where('peer', '=', peer.peer)
    .where('draft', 'is not', null)
    .returning('peer')
    .executeTakeFirst()
  return cleared ? [await tellCleared(tx, cleared.peer)] : []
}

async function clearTopicDraft(tx: Tx, peer: PeerRef, topic: number): Promise<tl.Update[]> {
  const found = await threadState(tx, tx.userId, peer.peer, topic)
  if (!found?.draft) return []
  await lockBoxes(tx, await holders(tx, tx.userId, peer.peer))
  const cleared = await tx.trx
    .updateTable('thread_state')
    .set({ draft: null, draft_date: 0 })
    .where('owner', '=', tx.userId)
    .where('peer', '=', peer.peer)
    .where('thread', '=', topic)
    .where('draft', 'is not', null)
    .returning('thread')
    .executeTakeFirst()
  return cleared ? [await tellCleared(tx, peer.peer, topic)] : []
}

/** Drops every draft of the account. */
export async function clearDrafts(tx: Tx): Promise<void> {
  await lockBoxes(tx, [tx.userId])
  const cleared = await tx.trx
    .updateTable('dialog')
    .set({ draft: null, draft_date: 0 })
    .where('owner', '=', tx.userId)
    .where('draft', 'is not', null)
    .returning('peer')
    .execute()
  for (const { peer } of cleared) await tellCleared(tx, peer)
  const inTopics = await tx.trx
    .updateTable('thread_state')
    .set({ draft: null, draft_date: 0 })
    .where('owner', '=', tx.userId)
    .where('draft', 'is not', null)
    .returning(['peer', 'thread'])
    .execute()
  for (const { peer, thread } of inTopics) await tellCleared(tx, peer, thread)
}

/** Where in a dialog (marked id) a topic's draft is. */
export function draftPlace(peer: number, topic: number): Pick<tl.updateDraftMessage, 'topMsgId' | 'savedPeerId'> {
  return isMonoforum(peer) ? { savedPeerId: toPeer(topic) } : { topMsgId: topic }
}

async function tellCleared(tx: Tx, peer: number, topic?: number): Promise<tl.Update> {
  const draft: tl.DraftMessage = { _: 'draftMessageEmpty', date: tx.now }
  const place = topic === undefined ? {} : draftPlace(peer, topic)
  const update: tl.Update = { _: 'updateDraftMessage', peer: toPeer(peer), ...place, draft }
  await tx.publish(tx.userId, { kind: 'update', update })
  return update
}
