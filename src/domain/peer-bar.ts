import type { Tx } from '../rpc/context.ts'
import type { PeerRef } from './access.ts'
import './people-facts.ts'

/**
 * Dismisses the bar above a chat. That may come before anything was said: the dialog that keeps it is not listed then.
 * https://core.telegram.org/api/action-bar
 */
export async function hidePeerBar(tx: Tx, { peer }: PeerRef): Promise<void> {
  const hidden = await tx.trx
    .insertInto('dialog')
    .values({ owner: tx.userId, peer, bar_hidden: 1 })
    .onConflict((c) => c.columns(['owner', 'peer']).doUpdateSet({ bar_hidden: 1 }).where('dialog.bar_hidden', '=', 0))
    .returning('peer')
    .executeTakeFirst()
  if (hidden) await tx.publish(tx.userId, { kind: 'peerSettings', peer })
}
