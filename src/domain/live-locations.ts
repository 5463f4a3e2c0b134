import type { Selectable } from 'kysely'
import type { Tx } from '../rpc/context.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { copiesOf } from './copies.ts'
import { distance, METRES_A_DEGREE } from './distance.ts'
import type { MessageRow } from './message-rows.ts'
import { isPost } from './message-view.ts'
import { isMonoforum, kindOf, toPeer } from './peers.ts'
import { inTopicAlone } from './reply.ts'
import type { NewMessage } from './send.ts'
import { topicOf } from './threads.ts'

type Location = Selectable<Tables['live_location']>
type Spot = Pick<Location, 'chat' | 'part'>

/** The greatest distance at which somebody may be told, metres. */
export const RADIUS = 100_000
/** Others whose distance is looked at for each movement. */
const LOOKED_AT = 500

const here = query<Spot & { origin: number }>()((db, p) =>
  db
    .selectFrom('live_location')
    .select('radius')
    .where('chat', '=', p.chat)
    .where('part', '=', p.part)
    .where('origin', '=', p.origin),
)
const put = query<Location>()((db, p) =>
  db
    .insertInto('live_location')
    .values({
      chat: p.chat,
      part: p.part,
      origin: p.origin,
      author: p.author,
      user_id: p.user_id,
      lat: p.lat,
      long: p.long,
      radius: p.radius,
      ends_at: p.ends_at,
    })
    .onConflict((c) =>
      c.columns(['chat', 'part', 'origin']).doUpdateSet((eb) => ({
        lat: eb.ref('excluded.lat'),
        long: eb.ref('excluded.long'),
        radius: eb.ref('excluded.radius'),
        ends_at: eb.ref('excluded.ends_at'),
      })),
    ),
)
const around = query<Spot & { author: number; low: number; high: number; from: number; limit: number }>()((db, p) =>
  db
    .selectFrom('live_location')
    .selectAll()
    .where('chat', '=', p.chat)
    .where('part', '=', p.part)
    .where('author', '<>', p.author)
    .where('radius', '>=', p.from)
    .where('lat', '>=', p.low)
    .where('lat', '<=', p.high)
    .orderBy('origin', 'desc')
    .limit(p.limit),
)
const ended = query<Spot & { now: number }>()((db, p) =>
  db
    .deleteFrom('live_location')
    .where('chat', '=', p.chat)
    .where('part', '=', p.part)
    .where('ends_at', '<=', p.now)
    .returning('origin'),
)
const forget = query<{ watchers: readonly number[] }>()((db, p, d) =>
  db.deleteFrom('location_reached').where('watcher', 'in', d.each(p.watchers) as never),
)
const note = query<{ watcher: number; traveler: number }>()((db, p) =>
  db
    .insertInto('location_reached')
    .values({ watcher: p.watcher, traveler: p.traveler })
    .onConflict((c) => c.doNothing())
    .returning('watcher'),
)

/** Where its message is: everybody who sees it there sees the others, too. */
function spotOf(row: MessageRow): Spot {
  if (row.owner < 0)
    return { chat: row.owner, part: isMonoforum(row.owner) ? (row.saved_peer ?? 0) : (topicOf(row) ?? 0) }
  if (kindOf(row.peer) === 'chat') return { chat: row.peer, part: 0 }
  return { chat: Math.min(row.owner, row.peer), part: Math.max(row.owner, row.peer) }
}

/**
 * Notes where a live location is that was just sent, moved or stopped, in the transaction that did. The boxes of the
 * chat are locked by then, so that two who move at once are seen by one of them.
 * @param row the caller's copy of the message, or the channel's
 * @returns what everybody there is to be told: who has come near to whom
 * https://core.telegram.org/api/live-location#proximity-alert
 */
export async function locationMoved(tx: Tx, row: MessageRow, media: tl.messageMediaGeoLive): Promise<NewMessage[]> {
  // What was forwarded is not where its sender is; a channel's posts and one's own notes have nobody to come near.
  const own = row.owner > 0 && row.peer === row.owner
  if (own || row.fwd || isPost(row) || media.geo._ !== 'geoPoint') return []
  const spot = spotOf(row)
  const { lat, long } = media.geo
  const moved: Location = {
    ...spot,
    ...{ origin: row.origin, author: row.from_id, user_id: row.sender ?? row.from_id, lat, long },
    ...{ radius: media.proximityNotificationRadius ?? 0, ends_at: row.date + media.period },
  }
  const [before] = await tx.run(here, moved)
  await tx.run(put, moved)
  const over = (await tx.run(ended, { ...spot, now: tx.now })).map((one) => one.origin)
  // Whoever chooses another distance wants to be told again.
  if (before && before.radius !== moved.radius) over.push(row.origin)
  if (over.length > 0) await tx.run(forget, { watchers: over })
  if (moved.ends_at <= tx.now) return []
  const degrees = RADIUS / METRES_A_DEGREE
  const window = { low: lat - degrees, high: lat + degrees, from: moved.radius > 0 ? 0 : 1, limit: LOOKED_AT }
  const alerts: NewMessage[] = []
  for (const other of await tx.run(around, { ...spot, ...window, author: moved.author })) {
    const metres = Math.round(distance(moved, other))
    const near = [[moved, other] as const, [other, moved] as const].filter(
      ([watcher]) => watcher.radius > 0 && metres <= watcher.radius,
    )
    if (near.length === 0 || !(await bothSee(tx, row, other))) continue
    for (const [watcher, traveler] of near) {
      if ((await tx.run(note, { watcher: watcher.origin, traveler: traveler.origin })).length === 0) continue
      alerts.push(alertOf(row, watcher, traveler, metres))
    }
  }
  return alerts
}

/** Whether each of two has the other's location: it may be deleted, or its author blocked. */
async function bothSee(tx: Tx, row: MessageRow, other: Location): Promise<boolean> {
  const copies = await copiesOf(tx, row.owner, row.peer, [row.origin, other.origin])
  const owners = row.owner < 0 ? [row.owner] : [row.owner, other.user_id]
  return owners.every((owner) => copies.get(owner)?.length === 2)
}

function alertOf(row: MessageRow, watcher: Location, traveler: Location, metres: number): NewMessage {
  const topic = row.owner < 0 ? topicOf(row) : undefined
  return {
    action: {
      _: 'messageActionGeoProximityReached',
      ...{ fromId: toPeer(traveler.author), toId: toPeer(watcher.author), distance: metres },
    },
    reply: topic === undefined ? undefined : inTopicAlone(topic),
    topic: isMonoforum(row.owner) ? (row.saved_peer ?? undefined) : undefined,
    sendAs: row.owner < 0 && row.from_id !== row.sender ? row.from_id : undefined,
  }
}
