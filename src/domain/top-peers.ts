import type { App } from '../rpc/app.ts'
import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import { contactSettings } from './contact-settings.ts'

/** Categories, in the order in which clients compute the hash of the list. */
export const CATEGORIES = [
  'correspondents',
  'botsPM',
  'botsInline',
  'groups',
  'channels',
  'phoneCalls',
  'forwardUsers',
  'forwardChats',
  'botsApp',
  'botsGuestChat',
] as const
export type TopPeerCategory = (typeof CATEGORIES)[number]

/** Seconds in which a use loses its weight by the factor e: `rating_e_decay` of help.getConfig. */
export const RATING_DECAY = 2_419_200
/**
 * Uses are weighed as seen from this time (unix seconds), so that adding one is adding a number, and the order of the
 * sums is the order of the ratings at any time. The sums fit a double until some fifty years later.
 */
const EPOCH = 1_767_225_600
/** Uses of a peer within so many seconds count once: what one sits and writes is one use. */
const ONCE = 60
const REMEMBERED = 50_000

const add = query<{ owner: number; category: string; peer: number; weight: number }>()((db, p) =>
  db
    .insertInto('top_peer')
    .values({ owner: p.owner, category: p.category, peer: p.peer, rating: p.weight })
    .onConflict((c) =>
      c.columns(['owner', 'category', 'peer']).doUpdateSet((eb) => ({
        rating: eb('top_peer.rating', '+', eb.ref('excluded.rating')),
      })),
    ),
)
const best = query<{ owner: number; category: string; limit: number; offset: number }>()((db, p) =>
  db
    .selectFrom('top_peer')
    .select(['peer', 'rating'])
    .where('owner', '=', p.owner)
    .where('category', '=', p.category)
    .orderBy('rating', 'desc')
    .orderBy('peer', 'desc')
    .limit(p.limit)
    .offset(p.offset),
)

const rated = query<{ owner: number; category: string }>()((db, p) =>
  db
    .selectFrom('top_peer')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', '=', p.owner)
    .where('category', '=', p.category),
)

/** When each (owner, category, peer) was last counted on this node. */
const counted = new WeakMap<App, Map<string, number>>()

/**
 * Counts a use of a peer: a message sent, a call, a forward ... Cheap enough for every message, since uses within a
 * minute count once and only the first of them touches the database.
 * https://core.telegram.org/api/top-rating
 */
export async function countTopPeer(tx: Tx, owner: number, peer: number, category: TopPeerCategory): Promise<void> {
  let recent = counted.get(tx.app)
  if (!recent) counted.set(tx.app, (recent = new Map()))
  const name = `${owner} ${peer} ${category}`
  const at = recent.get(name)
  if (at !== undefined && tx.now - at < ONCE) return
  if ((await contactSettings(tx, owner)).noTopPeers) return
  await tx.run(add, { owner, category, peer, weight: Math.exp((tx.now - EPOCH) / RATING_DECAY) })
  tx.onCommit(() => {
    if (recent.size >= REMEMBERED) recent.clear()
    recent.set(name, tx.now)
  })
}

export interface RatedPeer {
  /** Marked id. */
  peer: number
  /** As it is now. */
  rating: number
}

/** The peers the caller uses most in a category, best first, and how many have a rating there. */
export async function topPeers(
  ctx: Ctx,
  category: TopPeerCategory,
  page: { offset: number; limit: number },
): Promise<{ count: number; peers: RatedPeer[] }> {
  const rows = await ctx.run(best, { owner: ctx.userId, category, ...page })
  const now = Math.exp((EPOCH - ctx.now) / RATING_DECAY)
  const [all] = await ctx.run(rated, { owner: ctx.userId, category })
  return { count: all?.count ?? 0, peers: rows.map((row) => ({ peer: row.peer, rating: row.rating * now })) }
}

/** Forgets the caller's rating of a peer, or with no category and peer all of them. */
export async function forgetTopPeers(tx: Tx, one?: { category: TopPeerCategory; peer: number }): Promise<void> {
  let gone = tx.trx.deleteFrom('top_peer').where('owner', '=', tx.userId)
  if (one) gone = gone.where('category', '=', one.category).where('peer', '=', one.peer)
  await gone.execute()
  const owner = tx.userId
  tx.onCommit(() => {
    const recent = counted.get(tx.app)
    if (!recent) return
    if (one) recent.delete(`${owner} ${one.peer} ${one.category}`)
    else for (const name of recent.keys()) if (name.startsWith(`${owner} `)) recent.delete(name)
  })
}
