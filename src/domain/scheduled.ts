import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { schedule } from '../rpc/jobs.ts'
import type * as tl from '../tl/gen/types.ts'
import { lockBoxes } from '../updates/log.ts'
import type { Actor, PeerRef } from './access.ts'
import { channelRandomId } from './channel-send.ts'
import {
  insertScheduled,
  listeners,
  queueOf,
  rowOfScheduled,
  type ScheduledRow,
  tellQueue,
  viewScheduled,
} from './scheduled-rows.ts'
import type { NewMessage } from './send.ts'
import { byRandomId } from './send-rows.ts'
import { asUpdates } from './sent.ts'
import { userRow } from './user-rows.ts'
import { viewStatus } from './users.ts'

/** "When the other side comes online". https://core.telegram.org/api/scheduled-messages */
export const WHEN_ONLINE = 0x7ffffffe
const DAY = 86_400
/** Further ahead nothing is scheduled, seconds. */
const FURTHEST = 365 * DAY
/** What is to be sent so soon is sent at once, seconds. */
const AT_ONCE = 10
/** How often a message can be sent again, seconds. */
const PERIODS = new Set([DAY, 7 * DAY, 14 * DAY, 30 * DAY, 91 * DAY, 182 * DAY, 365 * DAY])
/** Under --test too, for who cannot wait a day. */
const TEST_PERIODS = new Set([60, 300])

/**
 * Puts messages into the caller's queue of a dialog, to be sent at that date (unix seconds), or when the other side
 * comes online. What the caller may say there has been decided.
 * @returns the answer to the caller, or undefined when the messages are to be sent at once
 *
 * SCHEDULE_DATE_TOO_LATE, SCHEDULE_TOO_MUCH, SCHEDULE_STATUS_PRIVATE where the caller may not know when the other side
 * is online, SCHEDULE_BOT_NOT_ALLOWED, PREMIUM_ACCOUNT_REQUIRED to send again and again.
 */
export async function scheduleMessages(
  tx: Tx,
  from: Actor,
  peer: PeerRef,
  contents: readonly NewMessage[],
  scheduleDate: number,
  repeatPeriod?: number,
): Promise<tl.updates | undefined> {
  const owner = await queueOf(tx, peer.peer)
  // All who are told of it at once, so that two who post there do not wait for each other.
  await lockBoxes(tx, owner < 0 ? await listeners(tx, owner) : [from.id])
  const before = await queuedBefore(tx, owner, from.id, contents)
  if (before)
    return answer(
      tx,
      before,
      before.map((row) => ({ _: 'updateNewScheduledMessage', message: viewScheduled(tx, row) })),
    )
  // What has left the queue since: sending it answers what it was sent as.
  if (await sentBefore(tx, from.id, peer, contents)) return undefined
  const author = await userRow(tx, from.id)
  if (author?.bot === 1) throw new RpcError('SCHEDULE_BOT_NOT_ALLOWED')
  if (await isDue(tx, peer, scheduleDate)) return undefined
  if (repeatPeriod) checkPeriod(tx, repeatPeriod, author?.premium === 1)
  const last = await takeIds(tx, owner, peer.peer, contents.length)
  await checkRoom(tx, owner, peer.peer, contents.length)
  const rows = contents.map((content, i) =>
    rowOfScheduled(content, {
      owner,
      author: from.id,
      peer: peer.peer,
      id: last - contents.length + 1 + i,
      date: scheduleDate,
      repeatPeriod: repeatPeriod || undefined,
    }),
  )
  const updates = await insertScheduled(tx, rows)
  await sendLater(tx, owner, peer.peer, scheduleDate)
  return answer(tx, rows, updates)
}

function answer(tx: Tx, rows: readonly ScheduledRow[], updates: tl.Update[]): Promise<tl.updates> {
  const ids = rows.map((row): tl.Update => ({ _: 'updateMessageID', id: row.id, randomId: BigInt(row.random_id ?? 0) }))
  return asUpdates(tx, [...ids, ...updates])
}

const randomIds = (contents: readonly NewMessage[]): string[] =>
  contents.flatMap((content) => (content.randomId ? [String(content.randomId)] : []))

async function sentBefore(tx: Tx, from: number, peer: PeerRef, contents: readonly NewMessage[]): Promise<boolean> {
  for (const id of randomIds(contents)) {
    const kept =
      peer.kind === 'channel'
        ? { owner: peer.peer, randomId: channelRandomId(from, BigInt(id)) }
        : { owner: from, randomId: id }
    if ((await tx.run(byRandomId, kept)).length > 0) return true
  }
  return false
}

/** What the client has put into a queue before, under the same random ids: it repeats itself. */
async function queuedBefore(
  tx: Tx,
  owner: number,
  author: number,
  contents: readonly NewMessage[],
): Promise<ScheduledRow[] | undefined> {
  const ids = randomIds(contents)
  if (ids.length === 0) return undefined
  const rows = await tx.trx
    .selectFrom('scheduled_message')
    .selectAll()
    .where('owner', '=', owner)
    .where('random_id', 'in', ids)
    .$if(owner !== author, (q) => q.where('author', '=', author))
    .orderBy('id')
    .execute()
  return rows.length > 0 ? rows : undefined
}

/** Whether something scheduled for then is to be sent now. Refuses dates that cannot be. */
async function isDue(ctx: Ctx, peer: PeerRef, date: number): Promise<boolean> {
  if (date === WHEN_ONLINE) return isOnline(ctx, peer)
  checkDate(ctx, date, 'SCHEDULE_DATE_TOO_LATE')
  return date <= ctx.now + AT_ONCE
}

/** Refuses dates too far ahead with that error. */
export function checkDate(ctx: Ctx, date: number, error: 'SCHEDULE_DATE_TOO_LATE' | 'SCHEDULE_DATE_INVALID'): void {
  if (date > ctx.now + FURTHEST) throw new RpcError(error)
}

/** Whether the other side is online now; SCHEDULE_STATUS_PRIVATE where the caller may not know. */
export async function isOnline(ctx: Ctx, peer: PeerRef): Promise<boolean> {
  if (peer.kind !== 'user' || peer.self || peer.row.bot) throw new RpcError('SCHEDULE_STATUS_PRIVATE')
  const status = await viewStatus(ctx, peer.row)
  if (status?._ === 'userStatusOnline') return true
  if (status?._ !== 'userStatusOffline') throw new RpcError('SCHEDULE_STATUS_PRIVATE')
  return false
}

/** PREMIUM_ACCOUNT_REQUIRED, SCHEDULE_DATE_INVALID for a period that nobody may choose. */
export function checkPeriod(ctx: Ctx, period: number, premium: boolean): void {
  if (!PERIODS.has(period) && !(ctx.app.config.test && TEST_PERIODS.has(period))) {
    throw new RpcError('SCHEDULE_DATE_INVALID')
  }
  if (!premium) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
}

/** Takes the queue's next ids and gives the last of them. The queue stays locked to the commit. */
export async function takeIds(tx: Tx, owner: number, peer: number, count: number): Promise<number> {
  const { last_id } = await tx.trx
    .insertInto('scheduled_queue')
    .values({ owner, peer, last_id: count })
    .onConflict((c) =>
      c.columns(['owner', 'peer']).doUpdateSet((eb) => ({ last_id: eb('scheduled_queue.last_id', '+', count) })),
    )
    .returning('last_id')
    .executeTakeFirstOrThrow()
  return last_id
}

async function checkRoom(tx: Tx, owner: number, peer: number, more: number): Promise<void> {
  const { waiting } = await tx.trx
    .selectFrom('scheduled_message')
    .select((eb) => eb.fn.countAll<number>().as('waiting'))
    .where('owner', '=', owner)
    .where('peer', '=', peer)
    .executeTakeFirstOrThrow()
  if (Number(waiting) + more > tx.app.config.limits.scheduledMessages) throw new RpcError('SCHEDULE_TOO_MUCH')
}

/** The job that sends what is due in a queue at that date. One for all messages of that second, so that albums stay whole. */
export async function sendLater(tx: Tx, owner: number, peer: number, date: number): Promise<void> {
  if (date === WHEN_ONLINE) return
  const id = `scheduled.send:${owner}:${peer}:${date}`
  await schedule(tx, { id, kind: 'scheduled.send', owner, dueAt: date, data: { peer } })
}

/** Somebody has come online: what was to wait for that is sent. Called by whatever makes them online. */
export async function cameOnline(tx: Tx, userId: number): Promise<void> {
  const awaited = await tx.trx
    .selectFrom('scheduled_message')
    .select('id')
    .where('peer', '=', userId)
    .where('date', '=', WHEN_ONLINE)
    .limit(1)
    .executeTakeFirst()
  if (!awaited) return
  const id = `scheduled.online:${userId}`
  await schedule(tx, { id, kind: 'scheduled.online', owner: userId, dueAt: tx.now })
}

/** What may change of a message in a queue. */
export type ScheduledChange = Partial<
  Pick<ScheduledRow, 'text' | 'entities' | 'media' | 'mentions' | 'invert_media' | 'date' | 'repeat_period'>
>

/**
 * Changes a message of the caller's queue and tells the other devices. MESSAGE_ID_INVALID when it has left the queue
 * meanwhile.
 * @param edited its content changes, so that it shows as edited
 */
export async function changeScheduled(
  tx: Tx,
  at: { peer: number; id: number },
  change: ScheduledChange,
  edited: boolean,
): Promise<tl.Update> {
  const owner = await queueOf(tx, at.peer)
  const row = await tx.trx
    .updateTable('scheduled_message')
    .set(edited ? { ...change, edit_date: tx.now } : change)
    .where('owner', '=', owner)
    .where('peer', '=', at.peer)
    .where('id', '=', at.id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new RpcError('MESSAGE_ID_INVALID')
  await sendLater(tx, owner, at.peer, row.date)
  await tellQueue(tx, owner, { kind: 'newScheduled', ref: row.id, peer: row.peer })
  return { _: 'updateNewScheduledMessage', message: viewScheduled(tx, row) }
}
