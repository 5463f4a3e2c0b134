import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import { schedule } from '../rpc/jobs.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { lockBoxes } from '../updates/log.ts'
import { boostLevel } from './boosts.ts'
import { tellBoostBots } from './bot-updates.ts'
import { tellAll, tellChannel } from './channel-members.ts'
import { FOREVER } from './channel-rights.ts'
import { bareId, channelPeer, toPeer } from './peers.ts'
import { lockUser, userRow } from './user-rows.ts'

export type BoostRow = Selectable<Tables['boost']>

/** Boosts of one account for one group that come within so many seconds are told together. */
const TOLD_AFTER = 5

const ofOwner = query<{ owner: number }>()((db, p) =>
  db.selectFrom('boost').selectAll().where('owner', '=', p.owner).orderBy('slot'),
)
const raise = query<{ id: number; by: number }>()((db, p) =>
  db
    .updateTable('channel')
    .set((eb) => ({ boosts: eb('boosts', '+', p.by) }))
    .where('id', '=', p.id)
    .returning(['boosts', 'deleted']),
)
/** Whoever has never been in a channel has no row there: then nothing is written. */
const noteMember = query<{ channel: number; user: number; boosts: number }>()((db, p) =>
  db
    .updateTable('channel_member')
    .set({ boosts: p.boosts })
    .where('channel_id', '=', p.channel)
    .where('user_id', '=', p.user),
)

/** The boosts that an account has given, by their places. */
export async function boostsBy(ctx: Ctx, owner: number): Promise<BoostRow[]> {
  return ctx.run(ofOwner, { owner })
}

/** When an account's boosts end: with its Premium. */
export async function boostsEnd(ctx: Ctx, owner: number): Promise<number> {
  const row = await ctx.db.selectFrom('premium').select('until').where('owner', '=', owner).executeTakeFirst()
  return row?.until || FOREVER
}

/** Brings a channel that somebody comes into up to the boosts they gave it before. */
export async function countOwnBoosts(tx: Tx, channelId: number, user: number): Promise<void> {
  const peer = channelPeer(channelId)
  const boosts = (await boostsBy(tx, user)).filter((row) => row.peer === peer).length
  await tx.run(noteMember, { channel: channelId, user, boosts })
}

/**
 * Counts an account's boosts where they have changed; everybody there is told when that changes the level. The
 * channels' boxes come first, then their rows, then the account's box: as where somebody joins or posts.
 */
async function recount(tx: Tx, owner: number, changes: ReadonlyMap<number, number>): Promise<void> {
  const peers = [...changes.keys()].filter((peer) => changes.get(peer) !== 0).sort((a, b) => a - b)
  if (peers.length === 0) return
  await lockBoxes(tx, peers)
  const told: number[] = []
  for (const peer of peers) {
    const by = changes.get(peer)!
    const id = bareId(peer)
    const [row] = await tx.run(raise, { id, by })
    await countOwnBoosts(tx, id, owner)
    if (!row || row.deleted === 1) continue
    told.push(id)
    if (boostLevel(tx, row) !== boostLevel(tx, { boosts: row.boosts - by })) await tellAll(tx, id)
  }
  for (const id of told) await tellChannel(tx, owner, id)
}

/**
 * Gives places for boosts to a channel: those that are named, else the first free one. PREMIUM_ACCOUNT_REQUIRED;
 * SLOTS_EMPTY for places that the account has not got; BOOSTS_EMPTY where none is free; BOOST_NOT_MODIFIED when they are
 * its already; FLOOD_WAIT_%d while one has to stay where it is. https://core.telegram.org/api/boost
 */
export async function applyBoosts(tx: Tx, peer: number, slots: readonly number[] | undefined): Promise<void> {
  const owner = tx.userId
  await lockUser(tx, owner)
  if ((await userRow(tx, owner))?.premium !== 1) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
  const { boostSlots, boostCooldownSeconds } = tx.app.config.limits
  const given = new Map((await boostsBy(tx, owner)).map((row) => [row.slot, row]))
  let wanted: number[]
  if (slots === undefined) {
    const all = Array.from({ length: boostSlots }, (_, i) => i + 1)
    const free = all.find((slot) => !given.has(slot))
    if (free === undefined) throw new RpcError('BOOSTS_EMPTY')
    wanted = [free]
  } else {
    wanted = [...new Set(slots)]
    if (wanted.length === 0) throw new RpcError('SLOTS_EMPTY')
    if (wanted.some((slot) => slot < 1 || slot > boostSlots)) throw new RpcError('SLOTS_EMPTY')
  }
  const fresh = wanted.filter((slot) => given.get(slot)?.peer !== peer)
  if (fresh.length === 0) throw new RpcError('BOOST_NOT_MODIFIED')
  const bound = Math.max(...fresh.map((slot) => given.get(slot)?.cooldown_until ?? 0))
  if (bound > tx.now) throw new RpcError('FLOOD_WAIT_%d', bound - tx.now)
  const changes = new Map([[peer, fresh.length]])
  const until = await boostsEnd(tx, owner)
  const told: { peer: number; boost: tl.Boost }[] = []
  for (const slot of fresh) {
    const lost = given.get(slot)
    const before = lost?.peer
    if (before !== undefined) changes.set(before, (changes.get(before) ?? 0) - 1)
    if (lost) told.push({ peer: lost.peer, boost: endedBoost(tx, lost) })
    const id = tx.app.random(12).toString('hex')
    const row = { peer, boost_id: id, date: tx.now, cooldown_until: tx.now + boostCooldownSeconds }
    await tx.trx
      .insertInto('boost')
      .values({ owner, slot, ...row })
      .onConflict((c) => c.columns(['owner', 'slot']).doUpdateSet(row))
      .execute()
    told.push({ peer, boost: { _: 'boost', id, userId: owner, date: tx.now, expires: until } })
  }
  await recount(tx, owner, changes)
  for (const { peer: at, boost } of told) await tellBoostBots(tx, at, [boost])
  await tellLater(tx, owner, peer, fresh.length)
}

/**
 * What a group is told of somebody's boosts, a little later, so that several are told together.
 * DEVIATES: a channel's subscribers never see who boosts it, and the message that Telegram shows to the one who does is
 * not made, since a channel has one history for everybody.
 */
async function tellLater(tx: Tx, owner: number, peer: number, boosts: number): Promise<void> {
  const channel = await tx.trx
    .selectFrom('channel')
    .select('megagroup')
    .where('id', '=', bareId(peer))
    .executeTakeFirst()
  if (channel?.megagroup !== 1) return
  const id = `boosts.tell:${owner}:${peer}`
  const waiting = await tx.trx.selectFrom('job').select('data').where('id', '=', id).executeTakeFirst()
  const before = waiting?.data ? (JSON.parse(Buffer.from(waiting.data).toString()) as { boosts: number }).boosts : 0
  const data = { peer, boosts: before + boosts }
  await schedule(tx, { id, kind: 'boosts.tell', owner, dueAt: tx.now + TOLD_AFTER, data })
}

/** Takes all boosts back that an account has given: its Premium is over. */
export async function takeBoostsBack(tx: Tx, owner: number): Promise<void> {
  const gone = await tx.trx.deleteFrom('boost').where('owner', '=', owner).returningAll().execute()
  const changes = new Map<number, number>()
  for (const { peer } of gone) changes.set(peer, (changes.get(peer) ?? 0) - 1)
  await recount(tx, owner, changes)
  for (const row of gone) await tellBoostBots(tx, row.peer, [endedBoost(tx, row)])
}

/** A boost that was taken back, as bots are told of it: of now, and never to end. */
function endedBoost(tx: Tx, row: BoostRow): tl.Boost {
  return { _: 'boost', id: row.boost_id, userId: row.owner, date: tx.now, expires: 0 }
}

/** Gives everybody their boosts of a channel back: it is deleted. */
export async function freeBoostsOf(tx: Tx, peer: number): Promise<void> {
  await tx.trx.deleteFrom('boost').where('peer', '=', peer).execute()
  await tx.trx.updateTable('channel').set({ boosts: 0 }).where('id', '=', bareId(peer)).execute()
}

/** https://core.telegram.org/constructor/boost */
export function viewBoost(row: BoostRow & { until: number | null }): tl.Boost {
  return { _: 'boost', id: row.boost_id, userId: row.owner, date: row.date, expires: row.until || FOREVER }
}

/** An account's places for boosts, given and free. https://core.telegram.org/constructor/myBoost */
export async function viewMyBoosts(ctx: Ctx): Promise<tl.MyBoost[]> {
  const owner = ctx.userId
  const given = new Map((await boostsBy(ctx, owner)).map((row) => [row.slot, row]))
  const premium = (await userRow(ctx, owner))?.premium === 1
  const places = new Set(given.keys())
  if (premium) for (let slot = 1; slot <= ctx.app.config.limits.boostSlots; slot++) places.add(slot)
  const expires = given.size > 0 ? await boostsEnd(ctx, owner) : 0
  return [...places]
    .sort((a, b) => a - b)
    .map((slot): tl.MyBoost => {
      const row = given.get(slot)
      if (!row) return { _: 'myBoost', slot, date: 0, expires: 0 }
      const cooldownUntilDate = row.cooldown_until > ctx.now ? row.cooldown_until : undefined
      return { _: 'myBoost', slot, peer: toPeer(row.peer), date: row.date, expires, cooldownUntilDate }
    })
}
