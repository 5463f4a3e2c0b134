import type { MessageRef } from '../../domain/access.ts'
import { type ChatRow, chatRow, GONE, memberRow, ROLE } from '../../domain/chat-rows.ts'
import { copiesOf } from '../../domain/copies.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { bareId, kindOf } from '../../domain/peers.ts'
import { removeMessages } from '../../domain/remove-messages.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { lockBoxes, type Published } from '../../updates/log.ts'

/**
 * Deletes messages out of the caller's box, and with `revoke` out of everybody's: in private chats whoever wrote them,
 * in groups one's own and as an administrator all.
 * https://core.telegram.org/method/messages.deleteMessages
 */
export async function deleteMessages(
  tx: Tx,
  messages: readonly MessageRef[],
  revoke: boolean,
): Promise<Published | undefined> {
  const owner = tx.userId
  const byPeer = new Map<number, MessageRow[]>()
  for (const { row } of messages) {
    const own = byPeer.get(row.peer)
    if (own) own.push(row)
    else byPeer.set(row.peer, [row])
  }
  const copies = new Map<number, MessageRow[]>()
  const take = (box: number, rows: readonly MessageRow[]) => copies.set(box, [...(copies.get(box) ?? []), ...rows])
  for (const [peer, rows] of byPeer) {
    if (revoke && peer !== owner) {
      await mayRevoke(tx, peer, rows)
      for (const [box, own] of await copiesOf(
        tx,
        owner,
        peer,
        rows.map((r) => r.origin),
      ))
        take(box, own)
    } else {
      await lockBoxes(tx, [owner])
      take(owner, rows)
    }
  }
  return (await removeMessages(tx, copies)).get(owner)
}

/** Refuses to delete for everybody what one may not: MESSAGE_DELETE_FORBIDDEN. */
async function mayRevoke(tx: Tx, peer: number, rows: readonly MessageRow[]): Promise<void> {
  const { revokeSeconds } = tx.app.config.limits
  const late = (row: MessageRow) => row.date + revokeSeconds < tx.now
  const admin = kindOf(peer) === 'chat' && (await isAdmin(tx, bareId(peer)))
  const may = (row: MessageRow) => admin || ((kindOf(peer) === 'user' || row.from_id === tx.userId) && !late(row))
  if (!rows.every(may)) throw new RpcError('MESSAGE_DELETE_FORBIDDEN')
}

async function isAdmin(tx: Tx, chatId: number): Promise<boolean> {
  const chat: ChatRow | undefined = await chatRow(tx, chatId)
  const member = await memberRow(tx, chatId, tx.userId)
  return chat?.deactivated === 0 && member?.gone === GONE.in && member.role >= ROLE.admin
}
