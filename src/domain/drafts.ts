import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import type { FactKind } from '../updates/facts.ts'
import { lockBoxes } from '../updates/log.ts'
import type { PeerRef } from './access.ts'
import { holders } from './copies.ts'
import { addressFiles } from './files.ts'
import { accessHash, fileReference } from './hashes.ts'
import { atRest } from './message-view.ts'
import { isMonoforum, toPeer } from './peers.ts'
import { threadState } from './thread-states.ts'

declare module '../updates/facts.ts' {
  interface Facts {
    /** What is being written in a dialog, or in a topic of it, has files: every session is given names of its own. */
    draft: { peer: number; topic?: number }
  }
}

/** What is being written, as its author sees it. */
export function viewDraft(ctx: Ctx, bytes: Uint8Array): tl.DraftMessage {
  return addressInput(ctx, addressFiles(ctx, readObject(bytes) as tl.DraftMessage))
}

/** What is to be sent is named as its author may name it now. */
function addressInput(ctx: Ctx, draft: tl.DraftMessage): tl.DraftMessage {
  for (const file of filesNamed(draft._ === 'draftMessage' ? draft.media : undefined)) {
    file.accessHash = accessHash(ctx, file._ === 'inputPhoto' ? 'photo' : 'document', file.id)
    file.fileReference = fileReference(ctx, file.id)
  }
  return draft
}

/** The files that media to be sent name: a photo and what moves of it, a document and its cover. */
export function filesNamed(media: tl.InputMedia | undefined): (tl.inputPhoto | tl.inputDocument)[] {
  const files =
    media?._ === 'inputMediaPhoto'
      ? [media.id, media.video]
      : media?._ === 'inputMediaDocument'
        ? [media.id, media.videoCover]
        : []
  return files.filter((file) => file?._ === 'inputPhoto' || file?._ === 'inputDocument')
}

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
    await tell(tx, peer.peer, topic, draft)
    return
  }
  await tx.trx
    .insertInto('dialog')
    .values({ owner: tx.userId, peer: peer.peer, ...row })
    .onConflict((c) => c.columns(['owner', 'peer']).doUpdateSet(row))
    .execute()
  await tell(tx, peer.peer, undefined, draft)
}

async function tell(tx: Tx, peer: number, topic: number | undefined, draft: tl.draftMessage): Promise<void> {
  const { photos = [], documents = [] } = draft.richMessage ?? {}
  if (filesNamed(draft.media).length + photos.length + documents.length > 0) {
    await tx.publish(tx.userId, { kind: 'draft', peer, ...(topic === undefined ? undefined : { topic }) })
    return
  }
  await tx.publish(tx.userId, { kind: 'update', update: updateOf(peer, topic, draft) })
}

function updateOf(peer: number, topic: number | undefined, draft: tl.DraftMessage): tl.Update {
  const place = topic === undefined ? {} : draftPlace(peer, topic)
  return { _: 'updateDraftMessage', peer: toPeer(peer), ...place, draft }
}

/** A draft that is gone by the time it is read is not told of: what took it away is told next. */
export const draftFact: FactKind<'draft'> = {
  pts: () => 0,
  async render(viewer, facts) {
    const updates: (tl.Update | undefined)[] = []
    for (const { fact } of facts) {
      const { peer, topic } = fact
      const [dialog] = topic === undefined ? await viewer.run(draftOf, { owner: viewer.userId, peer }) : []
      const state = topic === undefined ? undefined : await threadState(viewer, viewer.userId, peer, topic)
      const bytes = (dialog ?? state)?.draft
      updates.push(bytes ? updateOf(peer, topic, viewDraft(viewer, bytes)) : undefined)
    }
    return updates
  },
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
  const update = updateOf(peer, topic, { _: 'draftMessageEmpty', date: tx.now })
  await tx.publish(tx.userId, { kind: 'update', update })
  return update
}
