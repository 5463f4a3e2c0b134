import { tellUser } from '../../domain/acquaintances.ts'
import { documentRow, rowId } from '../../domain/files.ts'
import { atRest } from '../../domain/message-view.ts'
import { userRow } from '../../domain/user-rows.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { nameColors, profileColors } from './palettes.ts'

/** The colour to keep, null for none. COLOR_INVALID, DOCUMENT_INVALID, PREMIUM_ACCOUNT_REQUIRED. */
async function chosen(ctx: Ctx, color: tl.PeerColor | undefined, profile: boolean): Promise<tl.peerColor | null> {
  if (!color) return null
  // @TODO colours of collectible gifts: ends with the gifts' folder.
  if (color._ !== 'peerColor') throw new RpcError('COLOR_INVALID')
  const { color: id, backgroundEmojiId: emoji } = color
  if (id === undefined && emoji === undefined) return null
  const palette = profile ? profileColors : nameColors
  if (id !== undefined && !palette.some((option) => option.colorId === id)) throw new RpcError('COLOR_INVALID')
  if (emoji !== undefined) {
    const row = await documentRow(ctx, rowId(emoji))
    if (!row) throw new RpcError('DOCUMENT_INVALID')
  }
  if ((await userRow(ctx, ctx.userId))?.premium !== 1) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
  return color
}

export default method(
  'account.updateColor',
  async (ctx, { forProfile = false, color: given }) => {
    const color = await chosen(ctx, given, forProfile)
    const kept = color && atRest(color)
    return ctx.transact(async (tx) => {
      const change = forProfile ? { profile_color: kept } : { color: kept }
      await tx.trx.updateTable('user').set(change).where('id', '=', tx.userId).execute()
      await tellUser(tx, tx.userId)
      return true
    })
  },
  { flood: 'write' },
)
