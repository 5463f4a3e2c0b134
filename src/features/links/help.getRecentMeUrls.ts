import { complete } from '../../domain/complete.ts'
import { usableInvite, viewInvite } from '../../domain/invite-view.ts'
import { bareId } from '../../domain/peers.ts'
import { recentLinks } from '../../domain/recent-links.ts'
import { usernameRow } from '../../domain/usernames.ts'
import type { Ctx } from '../../rpc/context.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

/**
 * DEVIATES: this server has no pages for links in a browser that could note who came by one before installing an app, so
 * that `referer` names nothing. What the account has opened in any of its apps is told instead.
 */
export default method(
  'help.getRecentMeUrls',
  async (ctx) => {
    const urls: tl.RecentMeUrl[] = []
    for (const path of await recentLinks(ctx)) urls.push(await viewLink(ctx, path))
    return complete<tl.help_recentMeUrls>(ctx, { _: 'help.recentMeUrls', urls, chats: [], users: [] })
  },
  { flood: 'read' },
)

async function viewLink(ctx: Ctx, path: string): Promise<tl.RecentMeUrl> {
  const url = `https://t.me/${path}`
  if (path.startsWith('+')) {
    const chatInvite = await inviteOf(ctx, path.slice(1))
    return chatInvite ? { _: 'recentMeUrlChatInvite', url, chatInvite } : { _: 'recentMeUrlUnknown', url }
  }
  const row = await usernameRow(ctx, path)
  if (!row || row.active === 0) return { _: 'recentMeUrlUnknown', url }
  if (row.owner > 0) return { _: 'recentMeUrlUser', url, userId: row.owner }
  return { _: 'recentMeUrlChat', url, chatId: bareId(row.owner) }
}

/** Where an invitation leads; undefined for one that leads nowhere any more. */
async function inviteOf(ctx: Ctx, hash: string): Promise<tl.ChatInvite | undefined> {
  try {
    return await viewInvite(ctx, await usableInvite(ctx, hash), false)
  } catch (error) {
    if (error instanceof RpcError) return undefined
    throw error
  }
}
