import { access, type ChannelRef, firstVisible } from '../../domain/access.ts'
import { boostsBy } from '../../domain/boost-slots.ts'
import { inviteOf, pendingRequests } from '../../domain/channel-invites.ts'
import { bansOf, maySeeMembers } from '../../domain/channel-members.ts'
import { channelOnlines } from '../../domain/channel-onlines.ts'
import { hasRight, isAdmin, isAnonymous, isCreator, isIn, nextSendDate } from '../../domain/channel-rights.ts'
import { mayViewStats } from '../../domain/channel-stats.ts'
import { viewChannels } from '../../domain/channels.ts'
import { community, communityNamed } from '../../domain/communities.ts'
import { viewCommunityFull } from '../../domain/community-full.ts'
import { complete } from '../../domain/complete.ts'
import { forumsAsMessages, viewedDialog } from '../../domain/dialogs.ts'
import { priceFor } from '../../domain/direct-messages.ts'
import { welcomeMessages } from '../../domain/ephemeral.ts'
import { photoRow, viewPhoto } from '../../domain/files.ts'
import { maySetStickers } from '../../domain/group-stickers.ts'
import { dialogRow } from '../../domain/message-rows.ts'
import { notifySettings } from '../../domain/notify.ts'
import { toPeer } from '../../domain/peers.ts'
import { reactionsOfPlace } from '../../domain/reactions.ts'
import { hasScheduled, mayQueue } from '../../domain/scheduled-rows.ts'
import { hasBlocked } from '../../domain/send.ts'
import { chosenAuthor } from '../../domain/send-as.ts'
import { viewSetById } from '../../domain/stickers/view.ts'
import { translationsDisabled } from '../../domain/translation-settings.ts'
import type { Ctx } from '../../rpc/context.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'
import { readObject } from '../../tl/index.ts'
import { boxState } from '../../updates/log.ts'

/** The first layer that has communities. */
const COMMUNITIES = 228

export default method(
  'channels.getFullChannel',
  async (ctx, req) => {
    // Clients of older layers know of no communities, and are shown channels that they may not look into.
    if (ctx.layer >= COMMUNITIES && (await communityNamed(ctx, req.channel))) {
      return viewCommunityFull(ctx, await community(ctx, req.channel))
    }
    const channel = await access.channel(ctx, req.channel)
    const fullChat = await viewFull(ctx, channel)
    const answer = await complete<tl.messages_chatFull>(ctx, { _: 'messages.chatFull', fullChat, chats: [], users: [] })
    const direct = channel.row.monoforum_link
    if (direct !== null) answer.chats.push(...(await viewChannels(ctx, [direct])))
    // The channel itself is part of the answer, whether or not the rest names it.
    if (!answer.chats.some((chat) => chat.id === channel.id && chat._ !== 'chat')) {
      answer.chats.push(...(await viewChannels(ctx, [channel.id])))
    }
    return answer
  },
  { flood: 'read' },
)

async function viewFull(ctx: Ctx, channel: ChannelRef): Promise<tl.channelFull> {
  const { row, member, peer, id } = channel
  const admin = isAdmin(member)
  const bans = admin ? await bansOf(ctx, row) : undefined
  const photo = row.photo_id ? await photoRow(ctx, row.photo_id) : undefined
  const dialog = await viewedDialog(ctx, channel)
  const { pts } = await boxState(ctx, peer)
  const pinned = await ctx.db
    .selectFrom('message')
    .select('id')
    .where('owner', '=', peer)
    .where('peer', '=', peer)
    .where('pinned', '=', 1)
    .$if(channel.topic !== undefined, (q) => q.where('saved_peer', '=', channel.topic!))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const requests = hasRight(channel, 'inviteUsers') ? await pendingRequests(ctx, peer) : undefined
  const first = firstVisible(channel)
  // The group it was has the viewer's own numbering.
  const before = row.migrated_from === null ? undefined : await dialogRow(ctx, ctx.userId, -row.migrated_from)
  return {
    _: 'channelFull',
    canViewStats: mayViewStats(ctx, channel) || undefined,
    statsDc: mayViewStats(ctx, channel) ? ctx.app.config.dc : undefined,
    canViewParticipants: maySeeMembers(channel) || undefined,
    canSetUsername: isCreator(member) || undefined,
    canSetStickers: maySetStickers(ctx, channel) || undefined,
    hiddenPrehistory: row.hidden_prehistory === 1 || undefined,
    canSetLocation: (isCreator(member) && row.location !== null) || undefined,
    hasScheduled: (mayQueue(channel) && (await hasScheduled(ctx, peer))) || undefined,
    canDeleteChannel: isCreator(member) || undefined,
    participantsHidden: row.participants_hidden === 1 || undefined,
    hasWelcomeMessages: (await welcomeMessages(ctx, peer)).length > 0 || undefined,
    blocked: (await hasBlocked(ctx, ctx.userId, peer)) || undefined,
    antispam: row.antispam === 1 || undefined,
    restrictedSponsored: row.no_sponsored === 1 || undefined,
    translationsDisabled: await translationsDisabled(ctx, peer),
    viewForumAsMessages: (await forumsAsMessages(ctx, [peer])).has(peer) || undefined,
    id,
    about: row.about,
    participantsCount: row.monoforum === 1 ? undefined : row.members,
    adminsCount: admin ? row.admins : undefined,
    kickedCount: bans?.kicked,
    bannedCount: bans?.banned,
    onlineCount: row.megagroup === 1 && row.monoforum === 0 ? await channelOnlines(ctx, row) : undefined,
    readInboxMaxId: dialog.read_inbox,
    readOutboxMaxId: row.megagroup === 1 ? dialog.read_outbox : row.top_message,
    unreadCount: dialog.unread,
    chatPhoto: photo ? viewPhoto(ctx, photo) : { _: 'photoEmpty', id: 0n },
    notifySettings: await notifySettings(ctx, ctx.userId, peer),
    exportedInvite:
      isIn(member) && hasRight(channel, 'inviteUsers') ? await inviteOf(ctx, peer, ctx.userId) : undefined,
    botInfo: [],
    migratedFromChatId: row.migrated_from === null ? undefined : BigInt(row.migrated_from),
    migratedFromMaxId: before?.top_message || undefined,
    pinnedMsgId: pinned && pinned.id >= first ? pinned.id : undefined,
    availableMinId: first > 1 ? first - 1 : undefined,
    folderId: dialog.folder || undefined,
    linkedChatId: row.linked ?? undefined,
    stickerset: await viewSetById(ctx, row.sticker_set),
    emojiset: await viewSetById(ctx, row.emoji_set),
    location: row.location ? (readObject(row.location) as tl.ChannelLocation) : undefined,
    slowmodeSeconds: row.slowmode || undefined,
    slowmodeNextSendDate: nextSendDate(ctx, channel) || undefined,
    pts,
    ttlPeriod: row.ttl || undefined,
    pendingSuggestions: await suggestions(ctx, channel),
    requestsPending: requests?.count || undefined,
    recentRequesters: requests && requests.count > 0 ? requests.recent : undefined,
    availableReactions: reactionsOfPlace(row),
    reactionsLimit: row.reactions_limit ?? undefined,
    boostsApplied: (await ownBoosts(ctx, channel)) || undefined,
    boostsUnrestrict: row.boosts_unrestrict || undefined,
    mainTab: row.main_tab === null ? undefined : ({ _: `profileTab${row.main_tab}` } as tl.ProfileTab),
    paidMessagesAvailable: (row.monoforum === 0 && hasRight(channel, 'changeInfo')) || undefined,
    sendPaidMessagesStars: BigInt(await priceFor(ctx, channel)) || undefined,
    defaultSendAs: await defaultSendAs(ctx, channel),
  }
}

/** In whose name the viewer speaks here, where that is not themselves. */
async function defaultSendAs(ctx: Ctx, channel: ChannelRef): Promise<tl.Peer | undefined> {
  const author = (await chosenAuthor(ctx, channel)) ?? (isAnonymous(channel) ? channel.peer : undefined)
  return author === undefined ? undefined : toPeer(author)
}

/** How many boosts the viewer has given here; whoever has never been in it has them in their own places alone. */
async function ownBoosts(ctx: Ctx, channel: ChannelRef): Promise<number> {
  if (channel.row.boosts === 0) return 0
  if (channel.member) return channel.member.boosts
  return (await boostsBy(ctx, ctx.userId)).filter((row) => row.peer === channel.peer).length
}

/** What a channel's creator is to think about. https://core.telegram.org/api/config#suggestions */
async function suggestions(ctx: Ctx, { row, member, peer }: ChannelRef): Promise<string[] | undefined> {
  const grown = row.megagroup === 1 && row.gigagroup === 0 && row.forum === 0 && row.monoforum === 0
  if (!grown || !isCreator(member) || row.members < ctx.app.config.limits.gigagroupMembers) return undefined
  const dismissed = await ctx.db
    .selectFrom('dismissed_suggestion')
    .select('date')
    .where('owner', '=', ctx.userId)
    .where('peer', '=', peer)
    .where('suggestion', '=', CONVERT)
    .executeTakeFirst()
  return dismissed ? undefined : [CONVERT]
}

const CONVERT = 'CONVERT_GIGAGROUP'
