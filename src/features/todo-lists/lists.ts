import { access, type PeerRef } from '../../domain/access.ts'
import { copiesOf } from '../../domain/copies.ts'
import type { MessageRow } from '../../domain/message-rows.ts'
import { atRest } from '../../domain/message-view.ts'
import { listeners } from '../../domain/react.ts'
import type { Ctx, Tx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import type { Published } from '../../updates/log.ts'

function todoOf(row: MessageRow): tl.messageMediaToDo {
  const media = row.media ? (readObject(row.media) as tl.MessageMedia) : undefined
  if (media?._ !== 'messageMediaToDo') throw new RpcError('MESSAGE_ID_INVALID')
  return media
}

/**
 * A message with a to-do list that the caller may change: its author always may, the others where the list says so.
 * MESSAGE_ID_INVALID.
 */
export async function todoMessage(
  ctx: Ctx,
  peer: PeerRef,
  msgId: number,
  may: 'othersCanComplete' | 'othersCanAppend',
): Promise<MessageRow> {
  const { row } = await access.message(ctx, peer, msgId)
  const media = todoOf(row)
  // A list that was forwarded is only shown.
  const author = row.fwd === null && (row.owner < 0 ? row.sender : row.from_id) === ctx.userId
  if (!author && (row.fwd !== null || !media.todo[may])) throw new RpcError('MESSAGE_ID_INVALID')
  return row
}

export interface Changed {
  row: MessageRow
  published: Published
}

/**
 * Changes a list in every copy of its message and tells whoever has one.
 * @param change makes the new list of the one that is there; undefined for no change
 */
export async function changeTodo(
  tx: Tx,
  row: MessageRow,
  change: (media: tl.messageMediaToDo) => tl.messageMediaToDo | undefined,
): Promise<Changed | undefined> {
  const copies = await copiesOf(tx, row.owner, row.peer, [row.origin])
  const own = copies.get(row.owner)?.find((copy) => copy.id === row.id)
  if (!own) throw new RpcError('MESSAGE_ID_INVALID')
  const changed = change(todoOf(own))
  if (!changed) return undefined
  const set = { media: atRest(changed), edit_date: tx.now, edit_hide: 1 }
  const hears = await listeners(tx, row)
  const heard = [...copies.values()].flat().filter((copy) => hears(copy.owner))
  const rowOf = (copy: MessageRow) =>
    tx.trx.updateTable('message').set(set).where('owner', '=', copy.owner).where('id', '=', copy.id)
  await Promise.all(heard.map((copy) => rowOf(copy).execute()))
  const told = await tx.publishAll(heard.map((copy) => [copy.owner, { kind: 'editMessage', ref: copy.id }]))
  return { row: { ...own, ...set }, published: told.findLast((one) => one.owner === row.owner)! }
}
