import { access, type ChannelRef } from '../../domain/access.ts'
import { flushStats, mayViewStats } from '../../domain/channel-stats.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'
import { type Around, around } from './counters.ts'

/** A channel whose statistics the caller may see, brought up to the present moment; CHAT_ADMIN_REQUIRED. */
export async function statsOf(
  ctx: Ctx,
  input: tl.InputChannel,
  fits: (channel: ChannelRef) => void = () => {},
): Promise<Around> {
  const channel = await access.channel(ctx, input)
  fits(channel)
  if (!mayViewStats(ctx, channel)) throw new RpcError('CHAT_ADMIN_REQUIRED')
  await flushStats(ctx.app)
  return around(ctx, channel)
}
