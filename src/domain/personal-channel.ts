import type { Ctx } from '../rpc/context.ts'
import { type ChannelRef, isPublic, ownChannel } from './access.ts'
import type { UserRow } from './user-rows.ts'

/**
 * The channel that an account shows on its profile, as long as everybody can find it.
 * https://core.telegram.org/api/profile#personal-channel
 */
export async function personalChannel(ctx: Ctx, user: UserRow): Promise<ChannelRef | undefined> {
  if (user.personal_channel === null) return undefined
  const channel = await ownChannel(ctx, user.personal_channel).catch(() => undefined)
  if (!channel || channel.row.deleted === 1 || channel.row.megagroup === 1) return undefined
  return (await isPublic(ctx, channel.row)) ? channel : undefined
}
