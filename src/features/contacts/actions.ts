import type { Tx } from '../../rpc/context.ts'
import type { PeerRef } from '../../domain/access.ts'
import { toPeer } from '../../domain/peers.ts'

/** Puts a peer on the caller's blocklist (or the stories' one), or takes it off. Told only when it changes. */
export async function setBlocked(tx: Tx, peer: PeerRef, blocked: boolean, stories: boolean): Promise<boolean> {
  const row = { owner: tx.userId, peer: peer.peer, stories: stories ? 1 : 0 }
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
  if (!changed) return true
  await tx.publish(row.owner, {
    kind: 'update',
    update: {
      _: 'updatePeerBlocked',
      peerId: toPeer(peer.peer),
      blocked: (!stories && blocked) || undefined,
      blockedMyStoriesFrom: (stories && blocked) || undefined,
    },
  })
  return true
}
