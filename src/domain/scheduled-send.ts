import { type Ctx, systemCtx, type Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type { JobRunner } from '../rpc/jobs.ts'
import type * as tl from '../tl/gen/types.ts'
import { readObject } from '../tl/index.ts'
import { access, ownChannel, ownUser, type PeerRef } from './access.ts'
import type { Carried } from './message-view.ts'
import { bareId, kindOf, toPeer } from './peers.ts'
import { maySend, sendActions } from './rights.ts'
import { isOnline, sendLater, takeIds, WHEN_ONLINE } from './scheduled.ts'
import { contentOf, insertScheduled, queueOf, type ScheduledRow, tellQueue } from './scheduled-rows.ts'
import { type Sent, sendMessage } from './send.ts'
import { maySendAs } from './send-as.ts'
import { isShut } from './topics.ts'

/** Takes rows out of a queue: whoever gets them has them alone, however often a job runs. In the order of sending. */
export async function claim(
  tx: Tx,
  peer: number,
  which: { ids: readonly number[] } | { until: number } | { date: number },
  author?: number,
): Promise<ScheduledRow[]> {
  const owner = await queueOf(tx, peer)
  let rows = tx.trx.deleteFrom('scheduled_message').where('owner', '=', owner).where('peer', '=', peer)
  if (author !== undefined) rows = rows.where('author', '=', author)
  if ('ids' in which) rows = rows.where('id', 'in', [...which.ids])
  else if ('until' in which) rows = rows.where('date', '<=', which.until)
  else rows = rows.where('date', '=', which.date)
  return (await rows.returningAll().execute()).sort((a, b) => a.date - b.date || a.id - b.id)
}

/** The other side of a queue, as its author may reach it now; undefined when they may not any more. */
async function reach(ctx: Ctx, peer: number): Promise<PeerRef | undefined> {
  try {
    if (kindOf(peer) === 'channel') {
      const channel = await ownChannel(ctx, bareId(peer))
      return channel.row.deleted === 1 ? undefined : channel
    }
    return peer > 0 ? await ownUser(ctx, peer) : await access.chat(ctx, -peer)
  } catch (error) {
    if (error instanceof RpcError) return undefined
    throw error
  }
}

async function isRefused(ctx: Ctx, peer: PeerRef, row: ScheduledRow): Promise<boolean> {
  try {
    if (row.send_as !== null && !(await maySendAs(ctx, peer, row.send_as))) return true
    await maySend(ctx, peer, sendActions(row.media ? (readObject(row.media) as Carried) : undefined))
    return false
  } catch (error) {
    if (error instanceof RpcError) return true
    throw error
  }
}

/**
 * Sends what was claimed from the caller's queue, and tells that it has left the queue, with the ids under which it was
 * sent. What may not be sent any more is dropped, and told of without such an id; messages to be sent again are put
 * back for the next time. https://core.telegram.org/constructor/updateDeleteScheduledMessages
 */
export async function sendClaimed(
  tx: Tx,
  peer: number,
  rows: readonly ScheduledRow[],
): Promise<{ sent: Sent[]; updates: tl.Update[] }> {
  const to = await reach(tx, peer)
  const sent: Sent[] = []
  const gone: number[] = []
  const dropped: number[] = []
  const again: ScheduledRow[] = []
  for (const row of rows) {
    const from = row.author === null ? access.me(tx) : await ownUser(tx, row.author)
    const content = to && !(await isRefused(tx, to, row)) ? await contentOf(tx, row) : undefined
    if (!to || !content || (await isShut(tx, to, content.reply?.thread))) {
      dropped.push(row.id)
      continue
    }
    sent.push(await sendMessage(tx, from, to, content))
    gone.push(row.id)
    if (row.repeat_period !== null) again.push(row)
  }
  const updates: tl.Update[] = []
  if (gone.length > 0)
    updates.push(
      await tellGone(
        tx,
        peer,
        gone,
        sent.map((one) => one.row.id),
      ),
    )
  if (dropped.length > 0) updates.push(await tellGone(tx, peer, dropped))
  if (again.length > 0) updates.push(...(await repeat(tx, peer, again)))
  return { sent, updates }
}

/** Tells that messages have left a queue. */
export async function tellGone(tx: Tx, peer: number, messages: number[], sentMessages?: number[]): Promise<tl.Update> {
  const update: tl.Update = { _: 'updateDeleteScheduledMessages', peer: toPeer(peer), messages, sentMessages }
  await tellQueue(tx, await queueOf(tx, peer), { kind: 'update', update })
  return update
}

async function repeat(tx: Tx, peer: number, rows: readonly ScheduledRow[]): Promise<tl.Update[]> {
  const owner = await queueOf(tx, peer)
  const last = await takeIds(tx, owner, peer, rows.length)
  const next = rows.map((row, i) => {
    const period = row.repeat_period!
    // Times at which the server was not there are left out.
    const missed = Math.max(0, Math.floor((tx.now - row.date) / period))
    const date = row.date + (missed + 1) * period
    return { ...row, id: last - rows.length + 1 + i, date, edit_date: null, random_id: null }
  })
  const updates = await insertScheduled(tx, next)
  for (const date of new Set(next.map((row) => row.date))) await sendLater(tx, owner, peer, date)
  return updates
}

/** Sends what has come due in one queue. */
export const sendDue: JobRunner = async (ctx, { owner, data }) => {
  const { peer } = data as { peer: number }
  if (owner < 0) return postDue(ctx, peer)
  await ctx.transact(async (tx) => {
    const rows = await claim(tx, peer, { until: tx.now })
    if (rows.length > 0) await sendClaimed(tx, peer, rows)
  })
}

/** Posts what has come due in a channel's queue, each of it as who scheduled it. */
async function postDue(ctx: Ctx, peer: number): Promise<void> {
  const due = await ctx.db
    .selectFrom('scheduled_message')
    .select('author')
    .distinct()
    .where('owner', '=', peer)
    .where('peer', '=', peer)
    .where('date', '<=', ctx.now)
    .orderBy('author')
    .execute()
  for (const { author } of due) {
    if (author === null) continue
    await systemCtx(ctx.app, author).transact(async (tx) => {
      const rows = await claim(tx, peer, { until: tx.now }, author)
      if (rows.length > 0) await sendClaimed(tx, peer, rows)
    })
  }
}

/** Sends what waited for somebody to come online, to those who may see that they have. */
export const sendToOnline: JobRunner = async (ctx, { owner: userId }) => {
  const waiting = await ctx.db
    .selectFrom('scheduled_message')
    .select('owner')
    .distinct()
    .where('peer', '=', userId)
    .where('date', '=', WHEN_ONLINE)
    .execute()
  for (const { owner } of waiting) {
    await systemCtx(ctx.app, owner).transact(async (tx) => {
      const to = await reach(tx, userId)
      if (!to || !(await mayKnow(tx, to))) return
      const rows = await claim(tx, userId, { date: WHEN_ONLINE })
      if (rows.length > 0) await sendClaimed(tx, userId, rows)
    })
  }
}

async function mayKnow(tx: Tx, to: PeerRef): Promise<boolean> {
  try {
    return await isOnline(tx, to)
  } catch (error) {
    if (error instanceof RpcError) return false
    throw error
  }
}
