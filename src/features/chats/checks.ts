import type { UserRef } from '../../domain/access.ts'
import { allowedBy } from '../../domain/privacy.ts'
import { hasBlocked } from '../../domain/send.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import type * as tl from '../../tl/gen/types.ts'

/** A title without the space around it; CHAT_TITLE_EMPTY when nothing is left. Longer ones are cut, as documented nowhere else. */
export function checkTitle(ctx: Ctx, title: string): string {
  const trimmed = title.trim().slice(0, ctx.app.config.limits.chatTitleLength)
  if (trimmed === '') throw new RpcError('CHAT_TITLE_EMPTY')
  return trimmed
}

/**
 * Who of these may be put into a group by the caller, and who has to be sent a link instead because of their privacy.
 * https://core.telegram.org/constructor/missingInvitee
 */
export async function inviteable(
  ctx: Ctx,
  users: readonly UserRef[],
): Promise<{ invited: UserRef[]; missing: tl.MissingInvitee[] }> {
  const invited: UserRef[] = []
  const missing: tl.MissingInvitee[] = []
  for (const user of users) {
    const may = (await allowedBy(ctx, user.id, 'chatInvite')) && !(await hasBlocked(ctx, user.id, ctx.userId))
    if (may) invited.push(user)
    else missing.push({ _: 'missingInvitee', userId: user.id })
  }
  return { invited, missing }
}
