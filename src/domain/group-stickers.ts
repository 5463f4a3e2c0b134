import type { Ctx, Tx } from '../rpc/context.ts'
import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import type { ChannelRef } from './access.ts'
import { mustHaveLevel } from './boosts.ts'
import { logEvent, tellAll } from './channel-members.ts'
import { locked, mustBeTalk } from './channel-named.ts'
import { hasRight, isAnonymous, mustNotBeDirect } from './channel-rights.ts'
import { channelMember } from './channel-rows.ts'
import { setChannel } from './channel-settings.ts'
import { namedSet, SET_KIND, type SetRow } from './stickers/rows.ts'

/** The sets that a supergroup offers its members. */
const SETS = {
  stickers: {
    kind: SET_KIND.stickers,
    column: 'sticker_set',
    action: 'channelAdminLogEventActionChangeStickerSet',
  },
  emojis: {
    kind: SET_KIND.emojis,
    column: 'emoji_set',
    action: 'channelAdminLogEventActionChangeEmojiStickerSet',
  },
} as const

const isLarge = (ctx: Ctx, { row }: ChannelRef) => row.members >= ctx.app.config.limits.groupStickersMembers

/** Whether the viewer can choose a supergroup's set of stickers: clients show that by `can_set_stickers`. */
export function maySetStickers(ctx: Ctx, channel: ChannelRef): boolean {
  const { row } = channel
  if (row.megagroup === 0 || row.gigagroup === 1 || row.monoforum === 1) return false
  return hasRight(channel, 'changeInfo') && isLarge(ctx, channel)
}

/**
 * Chooses the set of stickers, or of custom emoji, that a supergroup offers its members, or none; everybody is told.
 * CHAT_ID_INVALID, CHAT_ADMIN_REQUIRED, PARTICIPANTS_TOO_FEW, BOOSTS_REQUIRED, STICKERSET_INVALID (also for a set of the
 * other kind), STICKERSET_OWNER_ANONYMOUS. https://core.telegram.org/method/channels.setStickers
 */
export async function setGroupSet(
  tx: Tx,
  input: tl.InputChannel,
  which: keyof typeof SETS,
  chosen: tl.InputStickerSet,
): Promise<true> {
  const { kind, column, action } = SETS[which]
  const channel = await locked(tx, input)
  mustBeTalk(channel)
  mustNotBeDirect(channel.row)
  if (!hasRight(channel, 'changeInfo')) throw new RpcError('CHAT_ADMIN_REQUIRED')
  const set = chosen._ === 'inputStickerSetEmpty' ? undefined : await namedSet(tx, chosen)
  if (set && set.kind !== kind) throw new RpcError('STICKERSET_INVALID')
  if (set && which === 'emojis') mustHaveLevel(tx, channel.row, 'group_emoji_stickers_level_min')
  if (set && which === 'stickers') await checkStickers(tx, channel, set)
  const before = channel.row[column]
  const after = set?.id ?? null
  if (before === after) return true
  await setChannel(tx, channel, { [column]: after })
  const change = { _: action, prevStickerset: inLog(before), newStickerset: inLog(after) }
  await logEvent(tx, channel.id, 'info', change)
  await tellAll(tx, channel.id)
  return true
}

/** A set as the recent actions keep it: its access hash is each viewer's. */
function inLog(id: number | null): tl.InputStickerSet {
  if (id === null) return { _: 'inputStickerSetEmpty' }
  return { _: 'inputStickerSetID', id: BigInt(id), accessHash: 0n }
}

/** The group has to be large enough, and the set must not say who an anonymous administrator is. */
async function checkStickers(tx: Tx, channel: ChannelRef, set: SetRow): Promise<void> {
  if (!isLarge(tx, channel)) throw new RpcError('PARTICIPANTS_TOO_FEW')
  const member = await channelMember(tx, channel.id, set.owner)
  if (isAnonymous({ ...channel, member })) throw new RpcError('STICKERSET_OWNER_ANONYMOUS')
}
