import type * as tl from '../../tl/gen/types.ts'
import type { ChatRef } from '../../domain/access.ts'
import { announce, bumpVersion } from '../../domain/chat-members.ts'
import { sentUpdates } from '../../domain/sent.ts'
import type { Tx } from '../../rpc/context.ts'

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
