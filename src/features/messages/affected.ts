import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import { boxState, type Published } from '../../updates/log.ts'

/** Where the caller's box stands after what a call changed; pts_count 0 where it changed nothing. */
export async function affected(ctx: Ctx, published: Published | undefined): Promise<tl.messages_affectedMessages> {
  if (published) return { _: 'messages.affectedMessages', pts: published.pts, ptsCount: published.ptsCount }
  const { pts } = await boxState(ctx, ctx.userId)
  return { _: 'messages.affectedMessages', pts, ptsCount: 0 }
}

/**
 * The same for work done in portions.
 * @param offset not 0 while there is more to do, and the client is to call again
 */
export async function affectedHistory(
  ctx: Ctx,
  published: Published | undefined,
  offset: number,
): Promise<tl.messages_affectedHistory> {
  const { pts, ptsCount } = await affected(ctx, published)
  return { _: 'messages.affectedHistory', pts, ptsCount, offset }
}
