import { access, type ChannelRef } from '../../domain/access.ts'
import { mustHaveLevel } from '../../domain/boosts.ts'
import { lockChannel, logEvent, tellAll } from '../../domain/channel-members.ts'
import { mustInChannel } from '../../domain/channel-rights.ts'
import { setChannel } from '../../domain/channel-settings.ts'
import { documentRow, rowId } from '../../domain/files.ts'
import { atRest } from '../../domain/message-view.ts'
import { asUpdates } from '../../domain/sent.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { nameColors, profileColors } from './palettes.ts'

const EMPTY: tl.peerColor = { _: 'peerColor' }

export default method(
  'channels.updateColor',
  async (ctx, req) => {
    const { color, backgroundEmojiId: emoji, forProfile = false } = req
    if (emoji !== undefined && !(await documentRow(ctx, rowId(emoji)))) throw new RpcError('DOCUMENT_INVALID')
    return ctx.transact(async (tx) => {
      const { id } = await access.channel(tx, req.channel)
      const channel = await lockChannel(tx, id)
      mustInChannel(tx, channel, 'changeInfo')
      mayHave(tx, channel, forProfile, color, emoji)
      const column = forProfile ? 'profile_color' : 'color'
      const before = channel.row[column]
      const none = color === undefined && emoji === undefined
      const chosen: tl.peerColor = { _: 'peerColor', color, backgroundEmojiId: emoji }
      await setChannel(tx, channel, { [column]: none ? null : atRest(chosen) })
      const event = { prevValue: before ? (readObject(before) as tl.peerColor) : EMPTY, newValue: chosen }
      await logEvent(tx, id, 'settings', {
        _: forProfile
          ? 'channelAdminLogEventActionChangeProfilePeerColor'
          : 'channelAdminLogEventActionChangePeerColor',
        ...event,
      })
      return asUpdates(tx, [await tellAll(tx, id)])
    })
  },
  { flood: 'write' },
)

/** Colours and emojis come with a channel's level; groups have them on their profiles alone. */
function mayHave(
  ctx: Ctx,
  { row }: ChannelRef,
  profile: boolean,
  color: number | undefined,
  emoji: bigint | undefined,
): void {
  const group = row.megagroup === 1
  if (group && !profile) throw new RpcError('CHANNEL_INVALID')
  if (color !== undefined) {
    const option = (profile ? profileColors : nameColors).find((one) => one.colorId === color)
    if (!option) throw new RpcError('COLOR_INVALID')
    mustHaveLevel(ctx, row, (group ? option.groupMinLevel : option.channelMinLevel) ?? 0)
  }
  if (emoji === undefined) return
  const icon = group ? 'group_profile_bg_icon_level_min' : 'channel_profile_bg_icon_level_min'
  mustHaveLevel(ctx, row, profile ? icon : 'channel_bg_icon_level_min')
}
