import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import { copyId } from './send.ts'

/**
 * When read marks are forgotten, in seconds: `pm_read_date_expire_period` and `chat_read_mark_expire_period` of the
 * client configuration. https://core.telegram.org/api/config
 */
export const READ_MARKS_KEPT = 604_800

/** Groups with more members remember nobody's read marks: `chat_read_mark_size_threshold`. */
export const READ_MARK_MEMBERS = 100

/** Others have read what the owner said to a peer, up to a message; one row when that was not known. */
export const raiseOutbox = query<{ owner: number; peer: number; to: number }>()((db, p) =>
  db
    .updateTable('dialog')
    .set({ read_outbox: p.to })
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('read_outbox', '<', p.to)
    .returning('owner'),
)

const forget = query<{ owner: number; peer: number; before: number }>()((db, p) =>
  db.deleteFrom('read_mark').where('owner', '=', p.owner).where('peer', '=', p.peer).where('date', '<', p.before),
)
const add = query<{ owner: number; peer: number; maxId: number; date: number }>()((db, p) =>
  db
    .insertInto('read_mark')
    .values({ owner: p.owner, peer: p.peer, max_id: p.maxId, date: p.date })
    .onConflict((c) => c.doNothing()),
)
const firstAt = query<{ owner: number; peer: number; id: number }>()((db, p) =>
  db
    .selectFrom('read_mark')
    .select('date')
    .where('owner', '=', p.owner)
    .where('peer', '=', p.peer)
    .where('max_id', '>=', p.id)
    .orderBy('max_id')
    .limit(1),
)

/** Notes that an account has read a dialog up to one of its own ids, now. */
export function markRead(tx: Tx, owner: number, peer: number, maxId: number): void {
  tx.write(forget, { owner, peer, before: tx.now - READ_MARKS_KEPT })
  tx.write(add, { owner, peer, maxId, date: tx.now })
}

/**
 * When an account read its copy of a message, in unix seconds; undefined when it has not, or so long ago that it is
 * forgotten.
 * @param peer the dialog as the reader has it
 */
export async function readDate(ctx: Ctx, reader: number, peer: number, origin: number): Promise<number | undefined> {
  const id = await copyId(ctx, reader, origin)
  if (id === undefined) return undefined
  return markDate(ctx, reader, peer, id)
}

/** The same, of a message that the reader has under this id, such as all have that of a supergroup. */
export async function markDate(ctx: Ctx, reader: number, peer: number, id: number): Promise<number | undefined> {
  const [mark] = await ctx.run(firstAt, { owner: reader, peer, id })
  return mark?.date
}
