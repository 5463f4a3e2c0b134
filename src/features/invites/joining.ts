import { ownChannel } from '../../domain/access.ts'
import { countIn, type InviteRow, viewInvite, withdrawRequest } from '../../domain/channel-invites.ts'
import { comeIn, joinMyself, mayHaveOneMore } from '../../domain/channel-join.ts'
import { intoGroup } from '../../domain/chat-join.ts'
import { bareId, kindOf } from '../../domain/peers.ts'
import type { Sent } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import type { Tx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** The caller comes in by a link. */
export async function comeByLink(tx: Tx, invite: InviteRow): Promise<tl.updates> {
  const id = bareId(invite.peer)
  if (kindOf(invite.peer) === 'channel') {
    const door = { invite: { invite: await viewInvite(tx, invite), inviter: invite.admin } }
    const updates = await joinMyself(tx, id, door)
    await countIn(tx, invite, tx.userId, null)
    return updates
  }
  await withdrawRequest(tx, invite.peer, tx.userId)
  const action: tl.MessageAction = { _: 'messageActionChatJoinedByLink', inviterId: invite.admin }
  const by = { invite: await viewInvite(tx, invite) }
  const { sent, update } = await intoGroup(tx, id, tx.userId, invite.admin, action, by)
  await countIn(tx, invite, tx.userId, null)
  return sentUpdates(tx, sent, [update])
}

/** Lets somebody in who asked to be: `hash` is the link by which they asked. */
export async function letIn(tx: Tx, peer: number, user: number, invite: InviteRow | undefined): Promise<Sent[]> {
  const id = bareId(peer)
  if (kindOf(peer) === 'channel') {
    await mayHaveOneMore(tx, user)
    const shown = invite && { invite: await viewInvite(tx, invite), inviter: invite.admin }
    const sent = await comeIn(tx, await ownChannel(tx, id), user, { invite: shown, approvedBy: tx.userId })
    await countIn(tx, { peer, hash: invite?.hash ?? '' }, user, tx.userId)
    return sent
  }
  const action: tl.MessageAction = { _: 'messageActionChatJoinedByRequest' }
  const { sent } = await intoGroup(tx, id, user, tx.userId, action, {
    invite: invite && (await viewInvite(tx, invite)),
  })
  await countIn(tx, { peer, hash: invite?.hash ?? '' }, user, tx.userId)
  return sent
}
