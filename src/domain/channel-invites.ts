import type { Selectable } from 'kysely'
import type { Ctx, Tx } from '../rpc/context.ts'
import { query, type Tables } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { tellRequester } from './bot-updates.ts'
import { adminRights, isIn } from './channel-rights.ts'
import { channelAdmins, channelRow } from './channel-rows.ts'
import { memberRows, ROLE } from './chat-rows.ts'
import { bareId, kindOf, toPeer } from './peers.ts'

export type InviteRow = Selectable<Tables['chat_invite']>

const permanent = query<{ peer: number; admin: number }>()((db, p) =>
  db
    .selectFrom('chat_invite')
    .selectAll()
    .where('peer', '=', p.peer)
    .where('admin', '=', p.admin)
    .where('permanent', '=', 1)
    .where('revoked', '=', 0)
    .limit(1),
)
const byHash = query<{ hash: string }>()((db, p) => db.selectFrom('chat_invite').selectAll().where('hash', '=', p.hash))
const waiting = query<{ peer: number; limit: number }>()((db, p) =>
  db
    .selectFrom('chat_invite_user')
    .select('user_id')
    .where('peer', '=', p.peer)
    .where('requested', '=', 1)
    .orderBy('date', 'desc')
    .limit(p.limit),
)
const countWaiting = query<{ peer: number }>()((db, p) =>
  db
    .selectFrom('chat_invite_user')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('peer', '=', p.peer)
    .where('requested', '=', 1),
)

/** Where links lead: clients recognise it. */
const BASE = 'https://t.me/+'

/** The address of a link. */
export const linkOf = (invite: Pick<InviteRow, 'hash'>): string => BASE + invite.hash

/** The hash in a link, as clients send it or whole. */
export function hashOf(link: string): string {
  return link.replace(/^.*(?:\/\+|joinchat\/|invite=)/, '').replace(/[^A-Za-z0-9_-].*$/, '')
}

export async function inviteByHash(ctx: Ctx, hash: string): Promise<InviteRow | undefined> {
  const [row] = await ctx.run(byHash, { hash })
  return row
}

/** An administrator's own lasting link; undefined while they have made none. */
export async function lastingInvite(ctx: Ctx, peer: number, admin: number): Promise<InviteRow | undefined> {
  const [row] = await ctx.run(permanent, { peer, admin })
  return row
}

/** The same as its administrator sees it. */
export async function inviteOf(ctx: Ctx, peer: number, admin: number): Promise<tl.ExportedChatInvite | undefined> {
  const row = await lastingInvite(ctx, peer, admin)
  return row && viewInvite(ctx, row)
}

/** https://core.telegram.org/constructor/chatInviteExported */
export async function viewInvite(ctx: Ctx, row: InviteRow): Promise<tl.chatInviteExported> {
  const { count } = await ctx.db
    .selectFrom('chat_invite_user')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('peer', '=', row.peer)
    .where('hash', '=', row.hash)
    .where('requested', '=', 1)
    .executeTakeFirstOrThrow()
  return {
    _: 'chatInviteExported',
    revoked: row.revoked === 1 || undefined,
    permanent: row.permanent === 1 || undefined,
    requestNeeded: row.request_needed === 1 || undefined,
    link: linkOf(row),
    adminId: row.admin,
    date: row.date,
    startDate: row.edited || undefined,
    expireDate: row.expires || undefined,
    usageLimit: row.usage_limit || undefined,
    usage: row.used || undefined,
    // The lasting link has nothing of its own to show but who came by it.
    requested: (row.permanent === 0 && count) || undefined,
    title: row.title ?? undefined,
  }
}

/** How many wait to be let in, and the newest of them. */
export async function pendingRequests(ctx: Ctx, peer: number): Promise<{ count: number; recent: number[] }> {
  const [row] = await ctx.run(countWaiting, { peer })
  const recent = row!.count > 0 ? await ctx.run(waiting, { peer, limit: 3 }) : []
  return { count: row!.count, recent: recent.map((one) => one.user_id) }
}

/** Counts somebody who has come by a link, with a folder that was shared, or was let in. */
export async function countIn(
  tx: Tx,
  invite: Pick<InviteRow, 'peer' | 'hash'>,
  user: number,
  approvedBy: number | null,
  viaChatlist = false,
): Promise<void> {
  const { peer, hash } = invite
  const row = {
    hash,
    date: tx.now,
    requested: 0,
    about: null,
    approved_by: approvedBy,
    via_chatlist: viaChatlist ? 1 : 0,
  }
  await tx.trx
    .insertInto('chat_invite_user')
    .values({ peer, user_id: user, ...row })
    .onConflict((c) => c.columns(['peer', 'user_id']).doUpdateSet(row))
    .execute()
  if (hash === '') return
  await tx.trx
    .updateTable('chat_invite')
    .set((eb) => ({ used: eb('used', '+', 1) }))
    .where('peer', '=', peer)
    .where('hash', '=', hash)
    .execute()
}

/** Makes a link, the caller's unless another is named. The lasting one of an administrator takes the place of the one before. */
export async function makeInvite(
  tx: Tx,
  peer: number,
  how: Partial<Pick<InviteRow, 'title' | 'expires' | 'usage_limit' | 'request_needed' | 'permanent'>>,
  admin = tx.userId,
): Promise<InviteRow> {
  if (how.permanent === 1) {
    await tx.trx
      .updateTable('chat_invite')
      .set({ revoked: 1 })
      .where('peer', '=', peer)
      .where('admin', '=', admin)
      .where('permanent', '=', 1)
      .where('revoked', '=', 0)
      .execute()
  }
  const hash = tx.app.random(12).toString('base64url')
  return tx.trx
    .insertInto('chat_invite')
    .values({ peer, hash, admin, title: null, date: tx.now, ...how })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Notes that the caller asks to be let in, and tells whoever may let them. */
export async function askToJoin(tx: Tx, peer: number, hash: string): Promise<void> {
  const row = { hash, date: tx.now, requested: 1, about: null, approved_by: null }
  const before = await tx.trx
    .selectFrom('chat_invite_user')
    .select('requested')
    .where('peer', '=', peer)
    .where('user_id', '=', tx.userId)
    .executeTakeFirst()
  if (before?.requested === 1) return
  await tx.trx
    .insertInto('chat_invite_user')
    .values({ peer, user_id: tx.userId, ...row })
    .onConflict((c) => c.columns(['peer', 'user_id']).doUpdateSet(row))
    .execute()
  await tellRequests(tx, peer)
  const invite = hash === '' ? undefined : await inviteByHash(tx, hash)
  const shown: tl.ExportedChatInvite = invite ? await viewInvite(tx, invite) : { _: 'chatInvitePublicJoinRequests' }
  await tellRequester(tx, peer, tx.userId, shown)
}

/** Somebody comes in otherwise, or is kept out: nobody has to decide on their request any more. */
export async function withdrawRequest(tx: Tx, peer: number, user: number): Promise<void> {
  const dropped = await tx.trx
    .deleteFrom('chat_invite_user')
    .where('peer', '=', peer)
    .where('user_id', '=', user)
    .where('requested', '=', 1)
    .returning('user_id')
    .executeTakeFirst()
  if (dropped) await tellRequests(tx.aloud, peer)
}

/** Tells administrators who may let people in how many wait. */
export async function tellRequests(tx: Tx, peer: number): Promise<tl.Update> {
  const { count, recent } = await pendingRequests(tx, peer)
  const update: tl.Update = {
    _: 'updatePendingJoinRequests',
    peer: toPeer(peer),
    requestsPending: count,
    recentRequesters: recent,
  }
  await tx.publishAll((await doorkeepers(tx, peer)).map((admin) => [admin, { kind: 'update', update }]))
  return update
}

/** Those who may let people in, in ascending order. */
async function doorkeepers(ctx: Ctx, peer: number): Promise<number[]> {
  if (kindOf(peer) === 'chat') {
    const members = await memberRows(ctx, bareId(peer))
    return members.filter((m) => m.role >= ROLE.admin).map((m) => m.user_id)
  }
  const row = (await channelRow(ctx, bareId(peer)))!
  const admins = (await channelAdmins(ctx, row.id)).filter((m) => adminRights(row, m)?.inviteUsers && isIn(m))
  return admins.map((m) => m.user_id).sort((a, b) => a - b)
}
