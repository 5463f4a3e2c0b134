import type { ChatRef } from '../../domain/access.ts'
import { type MemberRow, memberRows, ROLE } from '../../domain/chat-rows.ts'
import type { Ctx } from '../../rpc/context.ts'

/** Who gets a group when its creator leaves: the administrator who has been in it longest, else such a member. */
export async function heir(ctx: Ctx, chat: ChatRef): Promise<MemberRow | undefined> {
  const others = (await memberRows(ctx, chat.id)).filter((m) => m.role !== ROLE.creator)
  others.sort((a, b) => b.role - a.role || a.date - b.date || a.user_id - b.user_id)
  return others[0]
}
