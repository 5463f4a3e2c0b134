import type { Ctx } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

/** The earliest year somebody may be born in. */
const FIRST_YEAR = 1900

/** Whether there is such a day, and not in the future. https://core.telegram.org/constructor/birthday */
export function isBirthday(ctx: Pick<Ctx, 'now'>, { day, month, year }: tl.Birthday): boolean {
  // Who does not tell the year may be born on a 29 February.
  const date = new Date(Date.UTC(year ?? 2000, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false
  return year === undefined || (year >= FIRST_YEAR && date.getTime() <= ctx.now * 1000)
}
