import { createHash } from 'node:crypto'
import { listHash } from '../../domain/list-hash.ts'
import { viewReaction } from '../../domain/reactions.ts'
import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Most tags of one account that are told. */
const MOST = 1000

/**
 * The caller's tags: reactions to their saved messages (of one dialog), how often each is there, and its name.
 * https://core.telegram.org/api/saved-messages#tags
 */
export async function savedTags(ctx: Ctx, savedPeer: number | undefined): Promise<tl.savedReactionTag[]> {
  const owner = ctx.userId
  const rows = await ctx.db
    .selectFrom('message as m')
    .innerJoin('reaction as r', (j) => j.onRef('r.origin', '=', 'm.origin').on('r.peer', '=', owner))
    .leftJoin('saved_tag as t', (j) => j.on('t.owner', '=', owner).onRef('t.reaction', '=', 'r.reaction'))
    .select((eb) => ['r.reaction', 't.title', eb.fn.countAll<number>().as('count')])
    .where('m.owner', '=', owner)
    .where('m.peer', '=', owner)
    .where('m.reacted', '=', 1)
    .$if(savedPeer !== undefined, (q) => q.where('m.saved_peer', '=', savedPeer!))
    .groupBy(['r.reaction', 't.title'])
    .orderBy('count', 'desc')
    .orderBy('r.reaction')
    .limit(MOST)
    .execute()
  return rows.map((row) => ({
    _: 'savedReactionTag',
    reaction: viewReaction(row.reaction),
    title: row.title ?? undefined,
    count: row.count,
  }))
}

/** What a client may have already. */
export function tagsHash(tags: readonly tl.savedReactionTag[]): bigint {
  const of = (tag: tl.savedReactionTag) => {
    const name =
      tag.reaction._ === 'reactionEmoji'
        ? tag.reaction.emoticon
        : JSON.stringify(tag.reaction, (_, v) => (typeof v === 'bigint' ? String(v) : v))
    return createHash('md5')
      .update(`${name} ${tag.count} ${tag.title ?? ''}`)
      .digest()
      .readBigInt64LE(0)
  }
  return listHash(tags.map(of))
}
