import type { PeerRef } from '../../domain/access.ts'
import { toPeer } from '../../domain/peers.ts'
import { peerSettingsUpdate } from '../../domain/people-facts.ts'
import { asUpdates } from '../../domain/sent.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Puts a peer on the caller's blocklist (or the stories' one), or takes it off. Told only when it changes. */
export async function setBlocked(tx: Tx, peer: PeerRef, blocked: boolean, stories: boolean): Promise<boolean> {
  await setBlockedId(tx, peer.peer, blocked, stories)
  return true
}

async function setBlockedId(tx: Tx, peer: number, blocked: boolean, stories: boolean): Promise<void> {
  const row = { owner: tx.userId, peer, stories: stories ? 1 : 0 }
  const changed = blocked
    ? await tx.trx
        .insertInto('block')
        .values({ ...row, date: tx.now })
        .onConflict((c) => c.columns(['owner', 'peer', 'stories']).doNothing())
        .returning('peer')
        .executeTakeFirst()
    : await tx.trx
        .deleteFrom('block')
        .where('owner', '=', row.owner)
        .where('peer', '=', row.peer)
        .where('stories', '=', row.stories)
        .returning('peer')
        .executeTakeFirst()
  if (!changed) return
  await tx.publish(row.owner, {
    kind: 'update',
    update: {
      _: 'updatePeerBlocked',
      peerId: toPeer(peer),
      blocked: (!stories && blocked) || undefined,
      blockedMyStoriesFrom: (stories && blocked) || undefined,
    },
  })
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
  for (const { peer } of rows) if (!wanted.has(peer)) await setBlockedId(tx, peer, false, stories)
  const before = new Set(rows.map((row) => row.peer))
  for (const peer of wanted) if (!before.has(peer)) await setBlockedId(tx, peer, true, stories)
}

/** The answer of a method that changed contacts: the bars of their chats as they are now, after what else was told. */
export async function contactUpdates(ctx: Ctx, users: readonly number[], ...also: tl.Update[]): Promise<tl.Updates> {
  const updates = [...also]
  for (const user of users) updates.push(await peerSettingsUpdate(ctx, user))
  return asUpdates(ctx, updates)
}
