import { type SqlBool, sql } from 'kysely'
import type { Tx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { lockBoxes, type Published } from '../updates/log.ts'
import type { ChannelRef } from './access.ts'
import { deletion } from './message-facts.ts'
import { removeMessages } from './remove-messages.ts'

/** Messages deleted at once. */
const PORTION = 500

/** Where a topic begins goes with the topic alone. */
const opensNoTopic = sql<SqlBool>`(thread is null or thread <> id)`

/** Deletes a channel's messages up to an id for everybody, but not the one that says it was made. */
export async function deleteRange(tx: Tx, channel: ChannelRef, to: number): Promise<tl.Update[]> {
  const { peer } = channel
  await lockBoxes(tx, [peer])
  const updates: tl.Update[] = []
  for (;;) {
    const rows = await tx.trx
      .selectFrom('message')
      .selectAll()
      .where('owner', '=', peer)
      .where('peer', '=', peer)
      .where('id', '>', 1)
      .where('id', '<=', to)
      .where(opensNoTopic)
      .orderBy('id')
      .limit(PORTION)
      .execute()
    if (rows.length === 0) return updates
    const published = (await removeMessages(tx, new Map([[peer, rows]]))).get(peer)!
    updates.push(
      deletion(
        peer,
        rows.map((row) => row.id),
        published,
      ),
    )
  }
}

/** Deletes a portion of what one person, or channel (marked id), said in a supergroup, the newest first. */
export async function deleteOf(
  tx: Tx,
  channel: ChannelRef,
  author: number,
): Promise<{ published: Published | undefined; left: number }> {
  const { peer } = channel
  await lockBoxes(tx, [peer])
  const said = () =>
    tx.trx
      .selectFrom('message')
      .where('owner', '=', peer)
      .where('peer', '=', peer)
      .where('from_id', '=', author)
      .where('id', '>', 1)
      .where(opensNoTopic)
  const rows = await said().selectAll().orderBy('id', 'desc').limit(PORTION).execute()
  const published = rows.length > 0 ? (await removeMessages(tx, new Map([[peer, rows]]))).get(peer) : undefined
  const { count } = await said()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return { published, left: count }
}
