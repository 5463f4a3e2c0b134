import type { Ctx } from '../rpc/context.ts'
import { query } from '../storage/index.ts'

const disabledFor = query<{ owner: number; peer: number }>()((db, p) =>
  db.selectFrom('translation_setting').select('peer').where('owner', '=', p.owner).where('peer', '=', p.peer),
)

/** Whether the caller does not want translations offered in that chat. https://core.telegram.org/api/translation */
export async function translationsDisabled(ctx: Ctx, peer: number): Promise<true | undefined> {
  const rows = await ctx.run(disabledFor, { owner: ctx.userId, peer })
  return rows.length > 0 || undefined
}
