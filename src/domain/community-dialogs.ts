import type { Ctx, Tx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'
import type * as tl from '../tl/gen/types.ts'
import { type CommunityRef, communityRefs, isInCommunity, linkedPeers } from './communities.ts'
import { communityScope, notifySettings } from './notify.ts'

const folded = query<{ user: number }>()((db, p) =>
  db
    .selectFrom('community_member')
    .select('community')
    .where('user_id', '=', p.user)
    .where('collapsed', '=', 1)
    .where('banned', '=', 0),
)

/**
 * The communities that stand in the caller's list of dialogs in place of their chats: those folded up, of whose chats
 * the caller is in one at least.
 */
export async function listedCommunities(ctx: Ctx): Promise<CommunityRef[]> {
  const rows = await ctx.run(folded, { user: ctx.userId })
  if (rows.length === 0) return []
  const listed: CommunityRef[] = []
  for (const ref of await communityRefs(
    ctx,
    rows.map((row) => row.community),
  )) {
    if (await isInCommunity(ctx, ref)) listed.push(ref)
  }
  return listed
}

/** Those among the pinned dialogs, from the top. */
export async function pinnedCommunities(ctx: Ctx): Promise<CommunityRef[]> {
  const all = await listedCommunities(ctx)
  return all.filter((ref) => rankOf(ref) > 0).sort((a, b) => rankOf(b) - rankOf(a))
}

/** Where a community stands among the caller's pinned dialogs; 0 for not pinned. */
export const rankOf = (ref: CommunityRef): number => ref.member?.pinned ?? 0

/** Changes where a community stands among the caller's pinned dialogs; 0 takes it off. */
export async function setCommunityRank(tx: Tx, id: number, rank: number): Promise<void> {
  await tx.trx
    .updateTable('community_member')
    .set({ pinned: rank })
    .where('community', '=', id)
    .where('user_id', '=', tx.userId)
    .execute()
}

/** A community as an entry of the list. Clients make up the rest of it out of its chats. */
export async function viewCommunityDialog(ctx: Ctx, ref: CommunityRef): Promise<tl.dialogCommunity> {
  return {
    _: 'dialogCommunity',
    pinned: rankOf(ref) > 0 || undefined,
    communityId: ref.id,
    notifySettings: await notifySettings(ctx, ctx.userId, communityScope(ref.id)),
  }
}

/** An entry of a page of dialogs, as far as communities are put between them. */
interface Placed {
  peer: number
  pinned: number
}

/** What a page of dialogs shows of the list. */
interface Part {
  /** Whether it begins where the list does. */
  first: boolean
  /** The rank of the pinned dialog after which it begins; 0 after all of them, infinite before. */
  after: number
  /** Whether there may be more pinned dialogs after it. */
  short: boolean
  /** The newest dialog that is not pinned among some of the list's. */
  newest(peers: readonly number[]): Promise<number | undefined>
}

/**
 * Puts the communities into a page of the main list: a pinned one at its rank, another above the newest of its chats,
 * so that it stands on one page and is no page's last entry, from which clients go on.
 * @param rows what `dialogs` are of
 */
export async function placeCommunities(
  ctx: Ctx,
  rows: readonly Placed[],
  dialogs: readonly tl.Dialog[],
  part: Part,
): Promise<tl.Dialog[]> {
  const listed = await listedCommunities(ctx)
  if (listed.length === 0) return [...dialogs]
  const above = new Map<number, CommunityRef[]>()
  const put = (at: number, ref: CommunityRef) => above.set(at, [...(above.get(at) ?? []), ref])
  for (const ref of listed.sort((a, b) => rankOf(b) - rankOf(a))) {
    const rank = rankOf(ref)
    if (rank > 0) {
      const at = rows.findIndex((row) => row.pinned < rank)
      if (rank < part.after && (at >= 0 || !part.short)) put(at >= 0 ? at : rows.length, ref)
      continue
    }
    const top = await part.newest((await linkedPeers(ctx, ref.id)).map((one) => one.peer))
    // All of its chats are pinned, or have no messages: it begins what is not pinned.
    const at = rows.findIndex((row) => (top === undefined ? row.pinned === 0 : row.peer === top))
    if (at >= 0) {
      if (top !== undefined || part.first) put(at, ref)
    } else if (top === undefined && part.first && !part.short) put(rows.length, ref)
  }
  const out: tl.Dialog[] = []
  for (let at = 0; at <= dialogs.length; at++) {
    for (const ref of above.get(at) ?? []) out.push(await viewCommunityDialog(ctx, ref))
    if (at < dialogs.length) out.push(dialogs[at]!)
  }
  return out
}
