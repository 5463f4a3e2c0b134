import type { Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { lockBoxes } from '../updates/log.ts'
import { type Actor, ownUser, type PeerRef, type UserRef } from './access.ts'
import { toPeer } from './peers.ts'
import { sendMessage } from './send.ts'
import { userRow } from './user-rows.ts'

/** The default of someone who begins to write into a chat whose messages live for ever. */
const defaultOf = query<{ from: number; to: number }>()((db, p) =>
  db
    .selectFrom('user as u')
    .select('u.history_ttl')
    .where('u.id', '=', p.from)
    .where('u.history_ttl', '>', 0)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('message as m')
            .select('m.id')
            .where('m.owner', '=', p.from)
            .where('m.peer', '=', p.to)
            .where('m.out', '=', 1),
        ),
      ),
    ),
)

/**
 * Sets how long messages of a private chat live, on both sides, and tells both.
 * https://core.telegram.org/api/auto-delete-messages
 * @returns the caller's update, or undefined where nothing changed
 */
export async function setTtlWithUser(
  tx: Tx,
  self: number,
  other: UserRef,
  ttl: number,
): Promise<tl.Update | undefined> {
  await lockBoxes(tx, [self, other.id])
  const before = await tx.trx
    .selectFrom('dialog')
    .select('ttl')
    .where('owner', '=', self)
    .where('peer', '=', other.id)
    .executeTakeFirst()
  if ((before?.ttl ?? 0) === ttl) return undefined
  const update = (peer: number): tl.Update => ({
    _: 'updatePeerHistoryTTL',
    peer: toPeer(peer),
    ttlPeriod: ttl || undefined,
  })
  for (const [owner, peer] of [
    [self, other.id],
    [other.id, self],
  ] as const) {
    await tx.trx
      .insertInto('dialog')
      .values({ owner, peer, ttl })
      .onConflict((c) => c.columns(['owner', 'peer']).doUpdateSet({ ttl }))
      .execute()
    if (owner === self || other.row.bot === 0) await tx.publish(owner, { kind: 'update', update: update(peer) })
  }
  return update(other.id)
}

/**
 * Called before somebody's message into a private chat: where it is their first there, and they have a default time to
 * live, the chat gets it, with the message that says so.
 * https://core.telegram.org/method/messages.setDefaultHistoryTTL
 */
export async function beginWithDefaultTtl(tx: Tx, from: Actor, peer: PeerRef): Promise<void> {
  if (peer.kind !== 'user' || peer.self) return
  if (!(await userRow(tx, from.id))?.history_ttl) return
  const [own] = await tx.run(defaultOf, { from: from.id, to: peer.id })
  if (!own) return
  if (!(await setTtlWithUser(tx, from.id, peer, own.history_ttl))) return
  const action: tl.MessageAction = {
    _: 'messageActionSetMessagesTTL',
    period: own.history_ttl,
    autoSettingFrom: BigInt(from.id),
  }
  await sendMessage(tx, await ownUser(tx, from.id), peer, { action })
}
