import { inviteByHash, tellRequests } from '../../domain/channel-invites.ts'
import type { Sent } from '../../domain/send.ts'
import { sentUpdates } from '../../domain/sent.ts'
import { userRow } from '../../domain/user-rows.ts'
import type { Tx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import { letIn } from './joining.ts'
import type { Place } from './links.ts'

/** Lets in, or sends away, people who asked to join. */
export async function settleRequests(
  tx: Tx,
  place: Place,
  waiting: readonly { user_id: number; hash: string }[],
  approved: boolean,
): Promise<tl.updates> {
  const sent: Sent[] = []
  for (const { user_id, hash } of waiting) {
    // An account that was deleted since is not let in any more.
    if (approved && (await userRow(tx, user_id))?.deleted === 0) {
      const invite = hash === '' ? undefined : await inviteByHash(tx, hash)
      sent.push(...(await letIn(tx, place.peer, user_id, invite)))
      continue
    }
    await tx.trx
      .deleteFrom('chat_invite_user')
      .where('peer', '=', place.peer)
      .where('user_id', '=', user_id)
      .where('requested', '=', 1)
      .execute()
  }
  return sentUpdates(tx, sent, [await tellRequests(tx, place.peer)])
}

/** Those who wait to be let in, the first of them first. */
export function waitingAt(tx: Tx, place: Place) {
  return tx.trx
    .selectFrom('chat_invite_user')
    .select(['user_id', 'hash'])
    .where('peer', '=', place.peer)
    .where('requested', '=', 1)
    .orderBy('date')
    .orderBy('user_id')
}
