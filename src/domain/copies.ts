import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import { lockBoxes } from '../updates/log.ts'
import type { MessageRow } from './message-rows.ts'
import { bareId, kindOf } from './peers.ts'

const everMembers = query<{ chat: number }>()((db, p) =>
  db.selectFrom('chat_member').select('user_id').where('chat_id', '=', p.chat).orderBy('user_id'),
)
const ofOrigins = query<{ owners: readonly number[]; origins: readonly number[] }>()((db, p, d) =>
  db
    .selectFrom('message')
    .selectAll()
    .where('owner', 'in', d.each(p.owners) as never)
    .where('origin', 'in', d.each(p.origins) as never)
    .orderBy('owner')
    .orderBy('id'),
)

/** Everybody who may have copies of what an account has in a dialog, themselves included, in ascending order. */
export async function holders(ctx: Ctx, owner: number, peer: number): Promise<number[]> {
  if (kindOf(peer) === 'channel') return [peer]
  if (kindOf(peer) === 'chat') {
    // Those who left keep what they have.
    const members = (await ctx.run(everMembers, { chat: bareId(peer) })).map((m) => m.user_id)
    return members.includes(owner) ? members : [...members, owner].sort((a, b) => a - b)
  }
  return peer === owner ? [owner] : owner < peer ? [owner, peer] : [peer, owner]
}

/**
 * All copies of messages of one dialog, by owner, their boxes locked. The two sides of a private chat can each have
 * lost theirs.
 */
export async function copiesOf(
  tx: Tx,
  owner: number,
  peer: number,
  origins: readonly number[],
): Promise<Map<number, MessageRow[]>> {
  const owners = await holders(tx, owner, peer)
  await lockBoxes(tx, owners)
  const copies = new Map<number, MessageRow[]>()
  for (const row of await tx.run(ofOrigins, { owners, origins })) {
    const own = copies.get(row.owner)
    if (own) own.push(row)
    else copies.set(row.owner, [row])
  }
  return copies
}
