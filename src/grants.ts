import { endPremium, givePremium, hasPremium } from './domain/premium.ts'
import type { App } from './rpc/app.ts'
import { systemCtx } from './rpc/context.ts'

const DAY = 86_400

/** Unix seconds of a day (`2027-01-31`, its beginning in UTC) or of so many days from now (`30d`). */
function timeOf(text: string, now: number): number {
  const days = /^(\d{1,5})d$/.exec(text)
  if (days) return now + Number(days[1]) * DAY
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(ms)) throw new Error(`${text}: expected a day such as 2027-01-31, or days from now such as 30d`)
  return Math.floor(ms / 1000)
}

const dayOf = (time: number) => new Date(time * 1000).toISOString().slice(0, 10)

/** Gives an account Premium, without end unless one is named, or takes it away (`off`). */
export async function grantPremium(app: App, user: number, until: string | undefined): Promise<string[]> {
  const ctx = systemCtx(app)
  if (until === 'off') {
    if (!(await hasPremium(ctx, user))) return [`account ${user} has no Premium`]
    await ctx.transact((tx) => endPremium(tx, user))
    return [`account ${user} has no Premium any more`]
  }
  const end = until === undefined ? 0 : timeOf(until, ctx.now)
  if (until !== undefined && end <= ctx.now) throw new Error(`${until} is over`)
  await ctx.transact((tx) => givePremium(tx, user, end))
  return [`account ${user} has Premium ${end === 0 ? 'without end' : `until ${dayOf(end)}`}`]
}
