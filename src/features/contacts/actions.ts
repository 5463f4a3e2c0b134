import type { PeerRef } from '../../domain/access.ts'
import { block } from '../../domain/blocks.ts'
import { peerSettingsUpdate } from '../../domain/people-facts.ts'
import { asUpdates } from '../../domain/sent.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Puts a peer on the caller's blocklist (or the stories' one), or takes it off. Told only when it changes. */
export async function setBlocked(tx: Tx, peer: PeerRef, blocked: boolean, stories: boolean): Promise<boolean> {
  await block(tx, peer.peer, blocked, stories)
  return true
}

/** Makes these peers the caller's whole blocklist (or the stories' one). */
export async function replaceBlocked(tx: Tx, peers: readonly PeerRef[], stories: boolean): Promise<void> {
  const wanted = new Set(peers.map((p) => p.peer))
  const rows = await tx.db
    .selectFrom('block')
    .select('peer')
    .where('owner', '=', tx.userId)
    .where('stories', '=', stories ? 1 : 0)
    .execute()
  for (const { peer } of rows) if (!wanted.has(peer)) await block(tx, peer, false, stories)
  const before = new Set(rows.map((row) => row.peer))
  for (const peer of wanted) if (!before.has(peer)) await block(tx, peer, true, stories)
}

/** The answer of a method that changed contacts: the bars of their chats as they are now, after what else was told. */
export async function contactUpdates(ctx: Ctx, users: readonly number[], ...also: tl.Update[]): Promise<tl.Updates> {
  const updates = [...also]
  for (const user of users) updates.push(await peerSettingsUpdate(ctx, user))
  return asUpdates(ctx, updates)
}
