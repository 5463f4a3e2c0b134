import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import type { MessageRow } from './message-rows.ts'
import { isPost, signature } from './message-view.ts'
import { toPeer } from './peers.ts'
import { allowedBy } from './privacy.ts'
import { type UserRow, userRow } from './user-rows.ts'

/**
 * From whom and when a message is, for copies of it elsewhere: by link where the author lets the caller link to them,
 * else by name. A message that was forwarded already keeps its first author.
 * https://core.telegram.org/constructor/messageFwdHeader
 */
export async function forwardHeader(
  ctx: Ctx,
  row: Pick<MessageRow, 'owner' | 'id' | 'peer' | 'from_id' | 'date' | 'out' | 'fwd' | 'post_author'>,
): Promise<tl.messageFwdHeader> {
  if (row.fwd) {
    const { fromId, fromName, date, channelPost, postAuthor, imported, psaType } = readObject(
      row.fwd,
    ) as tl.MessageFwdHeader
    return { _: 'messageFwdHeader', fromId, fromName, date, channelPost, postAuthor, imported, psaType }
  }
  const header: tl.messageFwdHeader = { _: 'messageFwdHeader', date: row.date }
  if (row.from_id > 0 && !isPost(row) && !(await allowedBy(ctx, row.from_id, 'forwards'))) {
    const author = await userRow(ctx, row.from_id)
    return { ...header, fromName: author ? fullName(author) : undefined }
  }
  // A channel's post can be found where it was said.
  const channelPost = isPost(row) ? row.id : undefined
  const fromId = toPeer(isPost(row) ? row.peer : row.from_id)
  return { ...header, fromId, channelPost, postAuthor: signature(row) }
}

/** A name as an account gave it to itself. */
export function fullName(row: UserRow): string {
  return row.last_name ? `${row.first_name} ${row.last_name}` : row.first_name
}
