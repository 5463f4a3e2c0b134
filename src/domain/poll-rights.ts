import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { isIn } from './channel-rights.ts'
import { channelMember } from './channel-rows.ts'
import { countryOf } from './fact-checks.ts'
import { bareId } from './peers.ts'
import type { PollRow } from './polls.ts'

/** How long before a poll for members somebody must have come in, seconds. */
const MEMBERSHIP = 86_400

/**
 * Whether the viewer may not vote in a poll that is open: one for the members of the channel where it was posted first,
 * or for people of some countries, which their numbers tell. Elsewhere than in a channel nobody is kept out as no
 * member. https://core.telegram.org/api/poll#vote-restrictions
 */
export async function isBarred(ctx: Ctx, row: PollRow, { subscribersOnly, countriesIso2 }: tl.poll): Promise<boolean> {
  if (countriesIso2 && !countriesIso2.includes(await countryOf(ctx, ctx.viewer))) return true
  if (!subscribersOnly || row.posted_in === null) return false
  const member = await channelMember(ctx, bareId(row.posted_in), ctx.viewer)
  return !isIn(member) || row.date - member.date < MEMBERSHIP
}
