import type { Tx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { lockBoxes } from '../updates/log.ts'
import { tellStopped } from './bot-updates.ts'
import { toPeer } from './peers.ts'
import { userRow } from './user-rows.ts'

/**
 * Puts a peer (marked id) on the caller's blocklist (or the stories' one), or takes it off, and tells their devices; a
 * bot is told that it was stopped, or begun again.
 * https://core.telegram.org/api/block
 * @returns what tells of it; undefined where nothing changes
 */
export async function block(
  tx: Tx,
  peer: number,
  blocked: boolean,
  stories: boolean,
): Promise<tl.updatePeerBlocked | undefined> {
  const bot = peer > 0 && !stories && (await userRow(tx, peer))?.bot === 1
  await lockBoxes(tx, bot ? [tx.userId, peer] : [tx.userId])
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
  if (!changed) return undefined
  const update: tl.updatePeerBlocked = {
    _: 'updatePeerBlocked',
    peerId: toPeer(peer),
    blocked: (!stories && blocked) || undefined,
    blockedMyStoriesFrom: (stories && blocked) || undefined,
  }
  await tx.publish(row.owner, { kind: 'update', update })
  if (bot) await tellStopped(tx, peer, blocked)
  return update
}
