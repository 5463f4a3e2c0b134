import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type { Logged } from './facts.ts'
import type { BoxState } from './log.ts'

declare module './facts.ts' {
  interface Facts {
    /** A message of a secret chat, for one device of the box's owner; `ref` is its qts, which that device counts. */
    secretMessage: { ref: number; auth: string }
  }
}

const state = query<{ owner: number; auth: string }>()((db, p) =>
  db.selectFrom('secret_queue').select('qts').where('owner', '=', p.owner).where('auth', '=', p.auth),
)
const next = query<{ owner: number; auth: string }>()((db, p) =>
  db
    .insertInto('secret_queue')
    .values({ owner: p.owner, auth: p.auth, qts: 1 } as never)
    .onConflict((c) => c.columns(['owner', 'auth']).doUpdateSet((eb) => ({ qts: eb('secret_queue.qts', '+', 1) })))
    .returning('qts'),
)
const waiting = query<{ owner: number; auth: string; qts: number; limit: number }>()((db, p) =>
  db
    .selectFrom('secret_message')
    .select('qts')
    .where('owner', '=', p.owner)
    .where('auth', '=', p.auth)
    .where('qts', '>', p.qts)
    .orderBy('qts')
    .limit(p.limit),
)

/**
 * The calling device's qts. Of an account every device has its own, since secret chats are each device's own; a bot's
 * is its box's, and counts the updates that only bots get.
 * https://core.telegram.org/api/updates#secret-chats
 */
export async function sessionQts(ctx: Ctx, box: Pick<BoxState, 'qts'>): Promise<number> {
  const auth = ctx.session?.auth
  if (!auth || auth.bot) return box.qts
  const [row] = await ctx.run(state, { owner: ctx.userId, auth: auth.id })
  return row?.qts ?? 0
}

/** Hands out the next place in a device's queue. */
export async function nextQts(tx: Tx, owner: number, auth: string): Promise<number> {
  const [row] = await tx.run(next, { owner, auth })
  return row!.qts
}

/** What the calling device has not been sent after its qts, oldest first, as if it stood at the end of its box. */
export async function waitingFacts(
  ctx: Ctx,
  at: BoxState,
  qts: number,
  limit: number,
): Promise<Logged<'secretMessage'>[]> {
  const auth = ctx.session?.auth
  if (!auth || auth.bot || limit <= 0) return []
  const owner = ctx.userId
  const rows = await ctx.run(waiting, { owner, auth: auth.id, qts, limit })
  return rows.map((row) => ({
    owner,
    pos: at.pos,
    pts: at.pts,
    ptsCount: 0,
    qts: row.qts,
    date: at.date,
    fact: { kind: 'secretMessage', ref: row.qts, auth: auth.id },
  }))
}
