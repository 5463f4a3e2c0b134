import type { PeerRef } from '../../domain/access.ts'
import { hasRight } from '../../domain/channel-rights.ts'
import { isAdmin } from '../../domain/chat-rights.ts'
import { RpcError } from '../../rpc/errors.ts'

/** Only who may delete messages takes others' reactions away: CHAT_ADMIN_REQUIRED. */
export function mayTakeReactions(peer: PeerRef): void {
  if (peer.kind === 'user') throw new RpcError('PEER_ID_INVALID')
  const may = peer.kind === 'chat' ? isAdmin(peer) : hasRight(peer, 'deleteMessages')
  if (!may) throw new RpcError('CHAT_ADMIN_REQUIRED')
}
