import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { collectPeers, collectPeersApart, type MentionedPeers } from '../tl/index.ts'
import { strangersAmong } from './acquaintances.ts'
import { viewChannels } from './channels.ts'
import { viewChats } from './chats.ts'
import { minChannel, minUser } from './min.ts'
import { viewUsers } from './users.ts'

/** What names the users and chats that it mentions beside what it says. */
interface Whole {
  users: tl.User[]
  chats?: tl.Chat[]
}

/**
 * Fills the `users` and `chats` of an answer: every peer that the rest of it mentions, as its viewer sees them.
 * Handlers leave the two empty and never collect peers themselves.
 * @param peers those, where they were collected already
 */
export async function complete<T extends Whole>(ctx: Ctx, answer: T, peers?: MentionedPeers): Promise<T> {
  const { users, chats, channels } = peers ?? collectPeers(answer)
  const [groups, rooms, people] = await Promise.all([
    answer.chats && chats.size > 0 ? viewChats(ctx, chats) : undefined,
    answer.chats && channels.size > 0 ? viewChannels(ctx, channels) : undefined,
    users.size > 0 ? viewUsers(ctx, users) : undefined,
  ])
  if (groups) answer.chats = groups
  if (rooms) answer.chats?.push(...rooms)
  if (people) answer.users = people
  return answer
}

/**
 * The same for what a channel tells its readers unasked, pushes and differences: strangers whom it merely shows the
 * pictures of come as `min`, and so do channels that the viewer is not in. Whom clients need in full comes in full, and
 * bots get everything: they name nobody by a message. https://core.telegram.org/api/min
 * DEVIATES: Telegram sends authors and origins of forwards as `min`, too, whereupon clients fetch the difference.
 */
export async function completeTold<T extends Whole>(ctx: Ctx, answer: T): Promise<T> {
  const { needed, apart } = collectPeersApart(answer)
  if (apart.users.size === 0 && apart.channels.size === 0) return complete(ctx, answer, needed)
  await complete(ctx, answer)
  if (ctx.session?.auth.bot) return answer
  const strangers = await strangersAmong(ctx, [...apart.users.difference(needed.users)])
  answer.users = answer.users.map((user) => (strangers.has(user.id) ? minUser(user, ctx.now) : user))
  const channels = apart.channels.difference(needed.channels)
  answer.chats = answer.chats?.map((chat) => (channels.has(chat.id) ? minChannel(chat) : chat))
  return answer
}
