import type { Tx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { openBox } from '../updates/log.ts'
import { type ChannelRef, ownUser } from './access.ts'
import type { MessageRow } from './message-rows.ts'
import { type Carried, readEntities } from './message-view.ts'
import { toPeer } from './peers.ts'
import { hasBlocked, sendNotice } from './send.ts'
import { userRow } from './user-rows.ts'

/** The account that tells of answers to comments; clients know it by this number, and show its chat like a group. */
export const REPLIES_ACCOUNT = 1_271_266_957

/** It is made at its first use. */
async function openAccount(tx: Tx): Promise<void> {
  const made = await tx.trx
    .insertInto('user')
    .values({ id: REPLIES_ACCOUNT, first_name: 'Replies', verified: 1, support: 1, created_at: tx.now })
    .onConflict((c) => c.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) return
  await openBox(tx, REPLIES_ACCOUNT)
  await tx.trx
    .insertInto('username')
    .values({ name: 'replies', owner: REPLIES_ACCOUNT, shown: 'replies', active: 1, editable: 1, position: 0 })
    .onConflict((c) => c.doNothing())
    .execute()
}

/**
 * Tells whoever commented somewhere without being there that they have been answered, in their chat with @replies: a
 * copy of the answer, with where it is. Not of people they have blocked.
 * https://core.telegram.org/api/discussion#replies
 * @param row the answer
 * @param to what was answered, by somebody who is not in the group
 */
export async function tellAbsent(tx: Tx, group: ChannelRef, row: MessageRow, to: MessageRow): Promise<void> {
  const author = to.sender
  if (author === null || author <= 0 || author === row.sender) return
  const user = await userRow(tx, author)
  if (!user || user.bot === 1 || user.deleted === 1 || (await hasBlocked(tx, author, row.from_id))) return
  await openAccount(tx)
  const fwd: tl.messageFwdHeader = {
    _: 'messageFwdHeader',
    fromId: toPeer(row.from_id),
    date: row.date,
    savedFromPeer: toPeer(group.peer),
    savedFromMsgId: row.id,
  }
  const header: tl.messageReplyHeader = {
    _: 'messageReplyHeader',
    replyToPeerId: toPeer(group.peer),
    replyToMsgId: to.id,
    replyToTopId: row.thread ?? undefined,
  }
  await sendNotice(tx, await ownUser(tx, REPLIES_ACCOUNT), await ownUser(tx, author), {
    text: row.text,
    entities: readEntities(row.entities),
    media: row.media ? (readObject(row.media) as Carried) : undefined,
    fwd,
    reply: { header, to },
  })
}
