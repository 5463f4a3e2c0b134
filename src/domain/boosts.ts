import type { Ctx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type { ChannelRef } from './access.ts'
import type { ChannelRow } from './channel-rows.ts'

/** No channel gets further. https://core.telegram.org/api/config#boosts-channel-level-max */
export const MAX_LEVEL = 100

/**
 * From which level on a channel, or a supergroup, has what: by the names under which clients are told.
 * https://core.telegram.org/api/boost#features
 */
export const BOOST_LEVELS = {
  channel_autotranslation_level_min: 3,
  channel_bg_icon_level_min: 4,
  channel_custom_wallpaper_level_min: 10,
  channel_emoji_status_level_min: 8,
  channel_profile_bg_icon_level_min: 7,
  channel_restrict_sponsored_level_min: 50,
  channel_wallpaper_level_min: 9,
  group_custom_wallpaper_level_min: 10,
  group_emoji_status_level_min: 8,
  group_emoji_stickers_level_min: 4,
  group_profile_bg_icon_level_min: 5,
  group_transcribe_level_min: 6,
  group_wallpaper_level_min: 9,
} as const
export type BoostFeature = keyof typeof BOOST_LEVELS

/** The level that a channel's boosts have brought it to; 0 without any. https://core.telegram.org/api/boost */
export function boostLevel(ctx: Ctx, row: Pick<ChannelRow, 'boosts'>): number {
  return Math.min(MAX_LEVEL, Math.floor(row.boosts / ctx.app.config.limits.boostsPerLevel))
}

/** How many boosts a level takes; undefined above the highest. */
export function boostsOfLevel(ctx: Ctx, level: number): number | undefined {
  return level > MAX_LEVEL ? undefined : level * ctx.app.config.limits.boostsPerLevel
}

/** Refuses what a channel has only from a level on, given as such or by what it unlocks: BOOSTS_REQUIRED. */
export function mustHaveLevel(ctx: Ctx, row: Pick<ChannelRow, 'boosts'>, needed: number | BoostFeature): void {
  const level = typeof needed === 'number' ? needed : BOOST_LEVELS[needed]
  if (boostLevel(ctx, row) < level) throw new RpcError('BOOSTS_REQUIRED')
}

/**
 * Whether the viewer's boosts free them from a supergroup's slow mode and from what everybody there is kept from saying.
 * https://core.telegram.org/api/boost#bypass-slowmode-and-chat-restrictions
 */
export function freedByBoosts({ row, member }: Pick<ChannelRef, 'row' | 'member'>): boolean {
  return row.boosts_unrestrict > 0 && member !== undefined && member.boosts >= row.boosts_unrestrict
}
