import { access, type ChatRef, type UserRef } from '../../domain/access.ts'
import { tellMembers } from '../../domain/chat-members.ts'
import { isCreator } from '../../domain/chat-rights.ts'
import { copiesOf } from '../../domain/copies.ts'
import { dialogRow, type MessageRow } from '../../domain/message-rows.ts'
import { atRest } from '../../domain/message-view.ts'
import { type Sent, sendMessage } from '../../domain/send.ts'
import type { Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'

/** A request to end the protection can be answered for so long, in seconds. */
const REQUEST_LIFE = 86_400

/** Turns the protection of a basic group on or off: its creator may. Gives the update for the caller's answer. */
export async function protectChat(tx: Tx, chat: ChatRef, enabled: boolean): Promise<tl.Update> {
  if (!isCreator(chat)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  const changed = await tx.trx
    .updateTable('chat')
    .set({ noforwards: enabled ? 1 : 0 })
    .where('id', '=', chat.id)
    .where('noforwards', '=', enabled ? 0 : 1)
    .returning('id')
    .executeTakeFirst()
  if (!changed) throw new RpcError('CHAT_NOT_MODIFIED')
  const update: tl.Update = { _: 'updateChat', chatId: chat.id }
  await tellMembers(tx, chat.id, update)
  return update
}

/**
 * Turns the protection of a private chat on, for both sides at once; turns off what one turned on oneself, and asks the
 * other side where they did. https://core.telegram.org/api/content-protection
 */
export async function protectPrivate(tx: Tx, peer: UserRef, enabled: boolean): Promise<Sent> {
  const mine = await isProtecting(tx, tx.userId, peer.id)
  const theirs = await isProtecting(tx, peer.id, tx.userId)
  if (mine === enabled && (enabled || !theirs)) throw new RpcError('CHAT_NOT_MODIFIED')
  if (!enabled && theirs) {
    return tell(tx, peer, { _: 'messageActionNoForwardsRequest', prevValue: true, newValue: false })
  }
  const sent = await tell(tx, peer, {
    _: 'messageActionNoForwardsToggle',
    prevValue: mine || theirs,
    newValue: enabled,
  })
  await setProtecting(tx, tx.userId, peer.id, enabled)
  return sent
}

/** Answers the other side's request: `enabled` refuses it. The request cannot be answered again. */
export async function answerRequest(tx: Tx, peer: UserRef, msgId: number, enabled: boolean): Promise<Sent> {
  const { row } = await access.message(tx, peer, msgId)
  const action = row.action ? (readObject(row.action) as tl.MessageAction) : undefined
  if (row.out === 1 || action?._ !== 'messageActionNoForwardsRequest') throw new RpcError('MESSAGE_ID_INVALID')
  if (action.expired || row.date + REQUEST_LIFE < tx.now) throw new RpcError('REQUEST_MSG_EXPIRED')
  for (const [owner, copies] of await copiesOf(tx, tx.userId, peer.id, [row.origin])) {
    for (const copy of copies) await expire(tx, owner, copy, { ...action, expired: true })
  }
  const toggle = { _: 'messageActionNoForwardsToggle', prevValue: true, newValue: enabled } as const
  const sent = await tell(tx, peer, toggle, row)
  if (!enabled) {
    await setProtecting(tx, tx.userId, peer.id, false)
    await setProtecting(tx, peer.id, tx.userId, false)
  }
  return sent
}

async function expire(tx: Tx, owner: number, copy: MessageRow, action: tl.MessageAction): Promise<void> {
  await tx.trx
    .updateTable('message')
    .set({ action: atRest(action) })
    .where('owner', '=', owner)
    .where('id', '=', copy.id)
    .execute()
  await tx.publish(owner, { kind: 'editMessage', ref: copy.id })
}

async function isProtecting(tx: Tx, owner: number, peer: number): Promise<boolean> {
  return (await dialogRow(tx, owner, peer))?.noforwards === 1
}

async function setProtecting(tx: Tx, owner: number, peer: number, enabled: boolean): Promise<void> {
  await tx.trx
    .updateTable('dialog')
    .set({ noforwards: enabled ? 1 : 0 })
    .where('owner', '=', owner)
    .where('peer', '=', peer)
    .execute()
}

function tell(tx: Tx, peer: UserRef, action: tl.MessageAction, to?: MessageRow): Promise<Sent> {
  const reply = to && { header: { _: 'messageReplyHeader' as const }, to }
  return sendMessage(tx, access.me(tx), peer, { action, reply })
}
