import type { Tx } from '../rpc/context.ts'
import { toPeer } from './peers.ts'

/**
 * Tells the caller's devices that they have marked a dialog (marked id) as unread, or that it is no longer.
 * @param topic whose direct messages of it, where it is a channel's monoforum
 */
export async function tellUnreadMark(tx: Tx, peer: number, unread: boolean, topic?: number): Promise<void> {
  await tx.publish(tx.userId, {
    kind: 'update',
    update: {
      _: 'updateDialogUnreadMark',
      unread: unread || undefined,
      peer: { _: 'dialogPeer', peer: toPeer(peer) },
      savedPeerId: topic === undefined ? undefined : toPeer(topic),
    },
  })
}
