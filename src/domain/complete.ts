import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { collectPeers } from '../tl/index.ts'
import { viewChannels } from './channels.ts'
import { viewChats } from './chats.ts'
import { viewUsers } from './users.ts'

/**
 * Fills the `users` and `chats` of an answer: every peer that the rest of it mentions, as its viewer sees them.
 * Handlers leave the two empty and never collect peers themselves.
 */
export async function complete<T extends { users: tl.User[]; chats?: tl.Chat[] }>(ctx: Ctx, answer: T): Promise<T> {
  const { users, chats, channels } = collectPeers(answer)
  if (answer.chats && chats.size > 0) answer.chats = await viewChats(ctx, chats)
  if (answer.chats && channels.size > 0) answer.chats.push(...(await viewChannels(ctx, channels)))
  if (users.size > 0) answer.users = await viewUsers(ctx, users)
  return answer
}
