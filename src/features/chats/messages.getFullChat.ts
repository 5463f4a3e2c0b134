import { access } from '../../domain/access.ts'
import { inviteOf, pendingRequests } from '../../domain/channel-invites.ts'
import { viewParticipants } from '../../domain/chat-members.ts'
import { isAdmin, isCreator, isPresent, mayInChat } from '../../domain/chat-rights.ts'
import { complete } from '../../domain/complete.ts'
import { welcomeMessages } from '../../domain/ephemeral.ts'
import { photoRow, viewPhoto } from '../../domain/files.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { notifySettings } from '../../domain/notify.ts'
import { reactionsOfPlace } from '../../domain/reactions.ts'
import { hasScheduled } from '../../domain/scheduled-rows.ts'
import { translationsDisabled } from '../../domain/translation-settings.ts'
import { viewUsers } from '../../domain/users.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

export default method(
  'messages.getFullChat',
  async (ctx, req) => {
    const chat = await access.chat(ctx, req.chatId)
    const { row } = chat
    const photo = row.photo_id ? await photoRow(ctx, row.photo_id) : undefined
    const dialog = await dialogRow(ctx, ctx.userId, chat.peer)
    const pinned = await ctx.db
      .selectFrom('message')
      .select('id')
      .where('owner', '=', ctx.userId)
      .where('peer', '=', chat.peer)
      .where('pinned', '=', 1)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    const invites = isPresent(chat) && mayInChat(chat, 'inviteUsers')
    const requests = invites && isAdmin(chat) ? await pendingRequests(ctx, chat.peer) : undefined
    const answer = await complete<tl.messages_chatFull>(ctx, {
      _: 'messages.chatFull',
      fullChat: {
        _: 'chatFull',
        id: chat.id,
        about: row.about,
        participants: await viewParticipants(ctx, chat.id),
        chatPhoto: photo ? viewPhoto(ctx, photo) : undefined,
        notifySettings: await notifySettings(ctx, ctx.userId, chat.peer),
        canSetUsername: isCreator(chat) || undefined,
        exportedInvite: invites ? await inviteOf(ctx, chat.peer, ctx.userId) : undefined,
        requestsPending: requests?.count || undefined,
        recentRequesters: requests && requests.count > 0 ? requests.recent.map(BigInt) : undefined,
        hasScheduled: (await hasScheduled(ctx, chat.peer)) || undefined,
        pinnedMsgId: pinned?.id,
        folderId: dialog?.folder || undefined,
        ttlPeriod: row.ttl || undefined,
        hasWelcomeMessages: (await welcomeMessages(ctx, chat.peer)).length > 0 || undefined,
        translationsDisabled: await translationsDisabled(ctx, chat.peer),
        availableReactions: reactionsOfPlace(row),
        reactionsLimit: row.reactions_limit ?? undefined,
      },
      // The group itself is part of the answer, whether or not the rest names it.
      chats: [],
      users: [],
    })
    // Who asks to join is named by long numbers, which are no peers to anybody else.
    answer.users.push(...(await viewUsers(ctx, requests?.recent ?? [])))
    return answer
  },
  { flood: 'read' },
)
