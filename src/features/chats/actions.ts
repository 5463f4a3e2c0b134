import type { ChatRef } from '../../domain/access.ts'
import { announce, bumpVersion } from '../../domain/chat-members.ts'
import { copiesOf } from '../../domain/copies.ts'
import { removeMessages } from '../../domain/remove-messages.ts'
import { sentUpdates } from '../../domain/sent.ts'
import type { Tx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Changes columns of a group and tells everybody by a service message. */
export async function changeChat(
  tx: Tx,
  chat: ChatRef,
  columns: { title?: string; photo_id?: number | null },
  action: tl.MessageAction,
): Promise<tl.updates> {
  await bumpVersion(tx, chat.id)
  await tx.trx.updateTable('chat').set(columns).where('id', '=', chat.id).execute()
  return sentUpdates(tx, [await announce(tx, chat.id, { action })])
}

/** Messages of one who was removed that are taken back at once. */
const REVOKED_AT_ONCE = 1000

/** Takes what somebody wrote in a group from everybody's copies, as far as the caller has it. */
export async function revokeMessages(tx: Tx, chat: ChatRef, userId: number): Promise<void> {
  const rows = await tx.trx
    .selectFrom('message')
    .select('origin')
    .where('owner', '=', tx.userId)
    .where('peer', '=', chat.peer)
    .where('from_id', '=', userId)
    .orderBy('id', 'desc')
    .limit(REVOKED_AT_ONCE)
    .execute()
  if (rows.length === 0) return
  const origins = rows.map((row) => row.origin)
  await removeMessages(tx, await copiesOf(tx, tx.userId, chat.peer, origins))
}
