import type { Ctx } from '../rpc/context.ts'
import { dialogRow } from './message-rows.ts'
import { permissions } from './privacy.ts'
import { type UserRow, userRow } from './user-rows.ts'
import { requiresPremium } from './users.ts'

/**
 * Whether the one who asks needs Premium to write to an account: it wants that of strangers, keeps no contact of them,
 * and has no chat with them yet.
 * https://core.telegram.org/api/privacy#require-premium-for-new-non-contact-users
 */
export async function needsPremiumToWrite(ctx: Ctx, to: UserRow): Promise<boolean> {
  if (to.id === ctx.viewer || !requiresPremium(to)) return false
  if ((await userRow(ctx, ctx.viewer))?.premium === 1) return false
  if ((await permissions(ctx, [to.id])).keeps(to.id)) return false
  return (await dialogRow(ctx, to.id, ctx.viewer)) === undefined
}
