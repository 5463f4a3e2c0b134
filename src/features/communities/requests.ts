import { isCreator } from '../../domain/channel-rights.ts'
import { channelMember, channelRow } from '../../domain/channel-rows.ts'
import { type CommunityRef, tellCommunity } from '../../domain/communities.ts'
import { dropRequest, linkChat } from '../../domain/community-links.ts'
import { bareId } from '../../domain/peers.ts'
import type { Tx } from '../../rpc/context.ts'

interface Request {
  peer: number
  visible: number
  requested_by: number
}

/**
 * Lets a chat into a community, or sends it away. Whoever asked has to own it still, and it must not be another's: else
 * the request is dropped. @returns whether it was decided as asked
 */
export async function settle(tx: Tx, ref: CommunityRef, request: Request, approved: boolean): Promise<boolean> {
  const id = bareId(request.peer)
  await dropRequest(tx, ref.id, request.peer)
  if (!approved) {
    await tellCommunity(tx, ref.id)
    return true
  }
  const channel = await channelRow(tx, id)
  const owns = isCreator(await channelMember(tx, id, request.requested_by))
  if (!channel || channel.deleted === 1 || channel.community !== null || !owns) return false
  await linkChat(tx, ref.id, id, request.requested_by, request.visible === 1)
  return true
}
