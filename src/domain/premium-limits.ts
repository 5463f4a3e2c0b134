import type { Ctx } from '../rpc/context.ts'
import { userRow } from './user-rows.ts'

/** A limit that is wider for accounts with Premium. https://core.telegram.org/api/config#client-configuration */
export type PremiumLimit = keyof Ctx['app']['config']['limits']['premium']

/** The limit of accounts with Premium, which is never below that of the others. */
export function premiumLimit({ app }: Pick<Ctx, 'app'>, name: PremiumLimit): number {
  const { limits } = app.config
  return Math.max(limits[name], limits.premium[name])
}

/** A limit as it is for the one who asks. */
export async function ownLimit(ctx: Ctx, name: PremiumLimit): Promise<number> {
  const usual = ctx.app.config.limits[name]
  const wide = premiumLimit(ctx, name)
  return wide > usual && (await userRow(ctx, ctx.userId))?.premium === 1 ? wide : usual
}

/** The same for something of this size: who asks is looked up only where it matters. */
export async function limitFor(ctx: Ctx, name: PremiumLimit, size: number): Promise<number> {
  const usual = ctx.app.config.limits[name]
  return size <= usual || size > premiumLimit(ctx, name) ? usual : ownLimit(ctx, name)
}
