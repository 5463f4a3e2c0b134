import type { PeerRef } from '../../domain/access.ts'
import { isAdmin } from '../../domain/chat-rights.ts'
import { RpcError } from '../../rpc/errors.ts'

/** Only who may delete messages takes others' reactions away: CHAT_ADMIN_REQUIRED. */
export function mayTakeReactions(peer: PeerRef): void {
  if (peer.kind === 'user') throw new RpcError('PEER_ID_INVALID')
  // @TODO channels: ends with the channels' part of reactions.
  if (peer.kind === 'channel') throw new RpcError('NOT_IMPLEMENTED')
  if (!isAdmin(peer)) throw new RpcError('CHAT_ADMIN_REQUIRED')
}
