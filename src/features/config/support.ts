import { readEntities } from '../../domain/message-view.ts'
import { userRow } from '../../domain/user-rows.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** Accounts the operator marked as support staff may use the support methods. https://core.telegram.org/api/bots/support */
export async function staff(ctx: Ctx): Promise<{ name: string }> {
  const me = await userRow(ctx, ctx.userId)
  if (me?.support !== 1) throw new RpcError('USER_INVALID')
  return { name: [me.first_name, me.last_name].filter(Boolean).join(' ') }
}

export async function viewNote(ctx: Ctx, userId: number): Promise<tl.help_UserInfo> {
  const row = await ctx.db.selectFrom('support_note').selectAll().where('user_id', '=', userId).executeTakeFirst()
  if (!row) return { _: 'help.userInfoEmpty' }
  const { message, author, date } = row
  return { _: 'help.userInfo', message, entities: readEntities(row.entities) ?? [], author, date }
}
