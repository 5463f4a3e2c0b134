import type { Tx } from '../rpc/context.ts'
import type { ChatRef } from './access.ts'
import { copyId } from './send.ts'

/**
 * Gives a new member copies of the newest messages of a basic group, out of the caller's own copies. They count as
 * read. https://core.telegram.org/method/messages.addChatUser
 */
export async function showHistory(tx: Tx, chat: ChatRef, userId: number, limit: number): Promise<void> {
  if (limit === 0 || userId === tx.userId) return
  const rows = await tx.trx
    .selectFrom('message')
    .selectAll()
    .where('owner', '=', tx.userId)
    .where('peer', '=', chat.peer)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  for (const row of rows.reverse()) {
    // Somebody who was a member before has what was written then.
    if ((await copyId(tx, userId, row.origin)) !== undefined) continue
    const [published] = await tx.publishMessages([userId])
    const id = (published!.fact as { ref: number }).ref
    const replied = row.reply_to === null ? null : await repliedCopy(tx, userId, row.reply_to)
    const own = {
      out: row.from_id === userId ? 1 : 0,
      mentioned: 0,
      media_unread: 0,
      pinned: row.pinned,
      random_id: null,
      unseen: 0,
    }
    await tx.trx
      .insertInto('message')
      .values({ ...row, owner: userId, id, ...own, reply_to: replied })
      .execute()
    const dialog = { top_message: id, top_date: row.date, read_inbox: id, hidden: 0 }
    await tx.trx
      .insertInto('dialog')
      .values({ owner: userId, peer: chat.peer, ...dialog, messages: 1 })
      .onConflict((c) =>
        c.columns(['owner', 'peer']).doUpdateSet((eb) => ({ ...dialog, messages: eb('dialog.messages', '+', 1) })),
      )
      .execute()
  }
}

async function repliedCopy(tx: Tx, userId: number, ownId: number): Promise<number | null> {
  const row = await tx.trx
    .selectFrom('message')
    .select('origin')
    .where('owner', '=', tx.userId)
    .where('id', '=', ownId)
    .executeTakeFirst()
  return row ? ((await copyId(tx, userId, row.origin)) ?? null) : null
}
