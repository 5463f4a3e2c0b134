// How a field of an older layer is filled from an object of the newest shape, where the type changed, or where the
// newest says it otherwise. Each function is given the whole object, of the newest shape.
import { plainOfRich } from './rich-plain.ts'

const id = (peer: any): number | undefined => peer?.userId ?? peer?.channelId ?? peer?.chatId
const userId = (key: string) => (o: any) => o[key]?.userId ?? 0
const text = (key: string) => (o: any) => o[key].text
const amount = (key: string) => (o: any) => o[key].amount
const storyId = (o: any) => o.storiesMaxId?.maxId
const colorId = (o: any) => (o.color?._ === 'peerColor' ? o.color.color : undefined)
const colorEmoji = (o: any) => o.color?.backgroundEmojiId
// With several names, they are in a list that layer 148 brought.
const username = (o: any) => o.username ?? o.usernames?.find((u: any) => u.active)?.username
const emoticon = (reaction: any) => (reaction?._ === 'reactionEmoji' ? reaction.emoticon : '')
const emoticons = (reactions: any): string[] | undefined => {
  if (reactions === undefined) return undefined
  if (reactions._ !== 'chatReactionsSome') return []
  return reactions.reactions.map(emoticon).filter((e: string) => e !== '')
}
const replyToMsgId = (o: any) => (o.replyTo?._ === 'inputReplyToMessage' ? o.replyTo.replyToMsgId : undefined)
const topMsgId = (o: any) => (o.replyTo?._ === 'inputReplyToMessage' ? o.replyTo.topMsgId : undefined)
const months = (o: any) => Math.max(1, Math.round(o.days / 30.4))
const permille = (o: any) => o.rarity.permille ?? 0
const savedMsgId = (o: any) => o.stargift.msgId ?? 0
const starsOf = (list: any[] | undefined) => list?.find((a) => a._ === 'starsAmount')?.amount
const reply = (o: any) => o.rights?.reply
/** What older clients show of a rich message: no more of it than a message can say. */
const MESSAGE = 4096
const said = (o: any) => (o.richMessage ? plainOfRich(o.richMessage).slice(0, MESSAGE) : o.message)
const backdrop = (key: string) => (o: any) => o.gift.background?.[key] ?? 0
const inputUser = (key: string) => (o: any) => peerToInputUser(o[key])

function peerToInputUser(peer: any): any {
  switch (peer?._) {
    case 'inputPeerUser':
      return { ...peer, _: 'inputUser' }
    case 'inputPeerUserFromMessage':
      return { ...peer, _: 'inputUserFromMessage' }
    case 'inputPeerSelf':
      return { _: 'inputUserSelf' }
    default:
      return { _: 'inputUserEmpty' }
  }
}

/**
 * `name.key:OldType`; the generator stops at a changed type that is not here. And `name.key<layer` for a field that
 * kept its type, in constructors that were gone by that layer.
 */
export const FIELD_LOWERS: Readonly<Record<string, (o: any) => unknown>> = {
  'account.chatThemes.nextOffset:int': (o) => (o.nextOffset === undefined ? undefined : Number(o.nextOffset) | 0),
  'account.getUniqueGiftChatThemes.offset:int': (o) => Number(o.offset) | 0,
  'account.updateColor.backgroundEmojiId:long': colorEmoji,
  'account.updateColor.color:int': colorId,
  'account.updateConnectedBot.canReply:true': reply,
  'account.updateConnectedBot.recipients:InputBusinessRecipients': (o) => ({
    ...o.recipients,
    _: 'inputBusinessRecipients',
  }),
  'account.verifyEmail.code:string': (o) => o.verification.code ?? '',
  'botBusinessConnection.canReply:true': reply,
  'channel.backgroundEmojiId:long': colorEmoji,
  'channel.color:int': colorId,
  'channel.storiesMaxId:int': storyId,
  'channel.username<148': username,
  'channelAdminLogEventActionChangeAvailableReactions.newValue:Vector<string>': (o) => emoticons(o.newValue),
  'channelAdminLogEventActionChangeAvailableReactions.prevValue:Vector<string>': (o) => emoticons(o.prevValue),
  'channelFull.availableReactions:Vector<string>': (o) => emoticons(o.availableReactions),
  'channels.sendAsPeers.peers:Vector<Peer>': (o) => o.peers.map((p: any) => p.peer),
  'channels.toggleSignatures.enabled:Bool': (o) => o.signaturesEnabled === true,
  'chatFull.availableReactions:Vector<string>': (o) => emoticons(o.availableReactions),
  'chatlists.chatlistInvite.title:string': text('title'),
  'connectedBot.canReply:true': reply,
  'connectedBot.recipients:BusinessRecipients': (o) => ({ ...o.recipients, _: 'businessRecipients' }),
  'dialogFilter.title:string': text('title'),
  'dialogFilterChatlist.title:string': text('title'),
  'documentAttributeVideo.duration:int': (o) => Math.min(Math.max(Math.round(o.duration), 0), 0x7fffffff) | 0,
  'draftMessage.message<227': said,
  'draftMessage.replyToMsgId:int': replyToMsgId,
  'globalPrivacySettings.archiveAndMuteNewNoncontactPeers:Bool': (o) => o.archiveAndMuteNewNoncontactPeers,
  'help.premiumPromo.currency:string': (o) => o.periodOptions[0]?.currency ?? '',
  'help.premiumPromo.monthlyAmount:long': (o) => o.periodOptions.find((p: any) => p.months === 1)?.amount ?? 0n,
  'inputInvoiceStarGift.userId:InputUser': inputUser('peer'),
  'inputInvoiceStarGiftTransfer.msgId:int': savedMsgId,
  'inputInvoiceStarGiftTransfer.toId:InputUser': inputUser('toId'),
  'inputInvoiceStarGiftUpgrade.msgId:int': savedMsgId,
  'inputMediaPoll.correctAnswers:Vector<bytes>': (o) =>
    o.correctAnswers?.flatMap((i: number) => o.poll.answers[i]?.option ?? []),
  'inputMediaStory.userId:InputUser': inputUser('peer'),
  'inputReplyToStory.userId:InputUser': inputUser('peer'),
  'message.message<227': said,
  'messageActionGiftCode.months:int': months,
  'messageActionGiftPremium.months:int': months,
  'messageActionRequestedPeer.peer:Peer': (o) => o.peers[0],
  'messageActionSetChatTheme.emoticon:string': (o) => o.theme.emoticon ?? '',
  'messageActionStarGiftUnique.resaleStars:long': (o) =>
    o.resaleAmount === undefined ? undefined : starsOf([o.resaleAmount]),
  'messageMediaDocument.altDocument:Document': (o) => o.altDocuments?.[0],
  'messageMediaStory.userId:int53': userId('peer'),
  'messagePeerReaction.reaction:string': (o) => emoticon(o.reaction),
  'messageReplyStoryHeader.userId:int53': userId('peer'),
  'messages.chatInviteJoinResultWebView.webview:WebViewResult': (o) => ({
    _: 'webViewResultUrl',
    queryId: o.queryId,
    url: '',
  }),
  'messages.composeMessageWithAI.changeTone:string': (o) => o.tone?.tone,
  'messages.getMessageReactionsList.reaction:string': (o) =>
    o.reaction === undefined ? undefined : emoticon(o.reaction),
  'messages.prolongWebView.replyToMsgId:int': replyToMsgId,
  'messages.prolongWebView.topMsgId:int': topMsgId,
  'messages.requestWebView.replyToMsgId:int': replyToMsgId,
  'messages.requestWebView.topMsgId:int': topMsgId,
  'messages.saveDraft.replyToMsgId:int': replyToMsgId,
  'messages.saveDraft.topMsgId:int': topMsgId,
  'messages.sendBotRequestedPeer.requestedPeer:InputPeer': (o) => o.requestedPeers[0],
  'messages.sendInlineBotResult.replyToMsgId:int': replyToMsgId,
  'messages.sendInlineBotResult.topMsgId:int': topMsgId,
  'messages.sendMedia.replyToMsgId:int': replyToMsgId,
  'messages.sendMedia.topMsgId:int': topMsgId,
  'messages.sendMessage.replyToMsgId:int': replyToMsgId,
  'messages.sendMessage.topMsgId:int': topMsgId,
  'messages.sendMultiMedia.replyToMsgId:int': replyToMsgId,
  'messages.sendMultiMedia.topMsgId:int': topMsgId,
  'messages.sendPaidReaction.private:Bool': (o) => (o.private === undefined ? undefined : anonymous(o.private)),
  'messages.sendPaidReaction.private:true': (o) => o.private !== undefined && anonymous(o.private),
  'messages.sendReaction.reaction:string': (o) => (o.reaction === undefined ? undefined : emoticon(o.reaction[0])),
  'messages.sendScreenshotNotification.replyToMsgId:int': (o) => replyToMsgId(o) ?? 0,
  'messages.setChatAvailableReactions.availableReactions:Vector<string>': (o) => emoticons(o.availableReactions),
  'messages.setChatTheme.emoticon:string': (o) => o.theme.emoticon ?? '',
  'messages.setDefaultReaction.reaction:string': (o) => emoticon(o.reaction),
  'messages.togglePaidReactionPrivacy.private:Bool': (o) => anonymous(o.private),
  'messages.translateText.msgId:int': (o) => o.id?.[0],
  'messages.translateText.text:string': (o) => o.text?.[0]?.text,
  // The votes have other names there, under which fallbacks.ts has them written.
  'messages.votesList.votes:Vector<MessageUserVote>': (o) => o.votes,
  'payments.checkedGiftCode.months:int': months,
  'payments.convertStarGift.msgId:int': savedMsgId,
  'payments.getStarsRevenueWithdrawalUrl.stars:long': (o) => o.amount ?? 0n,
  'payments.saveStarGift.msgId:int': savedMsgId,
  'payments.starsStatus.balance:long': amount('balance'),
  'payments.transferStarGift.msgId:int': savedMsgId,
  'payments.transferStarGift.toId:InputUser': inputUser('toId'),
  'payments.updateStarGiftPrice.resellStars:long': amount('resellAmount'),
  'payments.upgradeStarGift.msgId:int': savedMsgId,
  'poll.question:string': text('question'),
  'pollAnswer.text:string': text('text'),
  'pollResults.recentVoters:Vector<int53>': (o) => o.recentVoters?.flatMap((p: any) => p.userId ?? []),
  'reactionCount.chosen:true': (o) => o.chosenOrder !== undefined,
  'reactionCount.reaction:string': (o) => emoticon(o.reaction),
  // Rows and buttons have other names there, under which fallbacks.ts has them written.
  'replyInlineMarkup.rows:Vector<KeyboardButtonRow>': (o) => o.rows,
  'starGiftAttributeBackdrop.rarityPermille:int': permille,
  'starGiftAttributeModel.rarityPermille:int': permille,
  'starGiftAttributeOriginalDetails.recipientId:int53': (o) => id(o.recipientId) ?? 0,
  'starGiftAttributeOriginalDetails.senderId:int53': (o) => id(o.senderId),
  'starGiftAttributePattern.rarityPermille:int': permille,
  'starGiftUnique.ownerId:int53': (o) => id(o.ownerId),
  'starGiftUnique.resellStars:long': (o) => starsOf(o.resellAmount),
  'starsRevenueStatus.availableBalance:long': amount('availableBalance'),
  'starsRevenueStatus.currentBalance:long': amount('currentBalance'),
  'starsRevenueStatus.overallRevenue:long': amount('overallRevenue'),
  'starsTransaction.stars:StarsAmount': (o) => o.amount,
  'starsTransaction.stars:long': amount('amount'),
  'stats.broadcastStats.recentMessageInteractions:Vector<MessageInteractionCounters>': (o) =>
    o.recentPostsInteractions
      .filter((p: any) => p._ === 'postInteractionCountersMessage')
      .map((p: any) => ({ ...p, _: 'messageInteractionCounters' })),
  'stories.allStories.userStories:Vector<UserStories>': (o) => o.peerStories,
  'stories.exportStoryLink.userId:InputUser': inputUser('peer'),
  'stories.getPinnedStories.userId:InputUser': inputUser('peer'),
  'stories.getStoriesByID.userId:InputUser': inputUser('peer'),
  'stories.incrementStoryViews.userId:InputUser': inputUser('peer'),
  'stories.readStories.userId:InputUser': inputUser('peer'),
  'stories.report.userId:InputUser': inputUser('peer'),
  'stories.sendReaction.userId:InputUser': inputUser('peer'),
  'todoCompletion.completedBy:int53': (o) => id(o.completedBy) ?? 0,
  'updateGroupCall.chatId:int53': (o) => o.peer?.chatId ?? o.peer?.channelId,
  'updateGroupCallMessage.fromId:Peer': (o) => o.message.fromId,
  'updateGroupCallMessage.message:TextWithEntities': (o) => o.message.message,
  'updateGroupCallMessage.randomId:long': (o) => BigInt(o.message.id),
  'updateMessageExtendedMedia.extendedMedia:MessageExtendedMedia': (o) => o.extendedMedia[0],
  'updateMessagePollVote.userId:int53': userId('peer'),
  'updatePaidReactionPrivacy.private:Bool': (o) => anonymous(o.private),
  'updatePeerBlocked.blocked:Bool': (o) => o.blocked === true,
  'updateReadStories.userId:int53': userId('peer'),
  'updateSentStoryReaction.userId:int53': userId('peer'),
  'updateStarsBalance.balance:long': amount('balance'),
  'updateStory.userId:int53': userId('peer'),
  'updateUserName.username:string': (o) => (o.usernames.find((u: any) => u.active) ?? o.usernames[0])?.username ?? '',
  'user.backgroundEmojiId:long': colorEmoji,
  'user.color:int': colorId,
  'user.storiesMaxId:int': storyId,
  'user.username<148': username,
  'userFull.stories:UserStories': (o) => o.stories,
  'userFull.themeEmoticon:string': (o) => o.theme?.emoticon,
  'webPageAttributeStarGiftAuction.centerColor:int': backdrop('centerColor'),
  'webPageAttributeStarGiftAuction.edgeColor:int': backdrop('edgeColor'),
  'webPageAttributeStarGiftAuction.textColor:int': backdrop('textColor'),
  'webPageAttributeStory.userId:int53': userId('peer'),
}

function anonymous(privacy: any): boolean {
  return privacy._ === 'paidReactionPrivacyAnonymous'
}
