// What reading an object of an older layer does beyond giving its fields their names: so that handlers see only the
// newest shapes, wherever the newest expresses the same thing otherwise. Fields that have no heir stay in the object.
import { liftButton, liftInlineMarkup, OLD_BUTTONS } from './buttons.ts'

/** InputUser as the InputPeer that the newest layer takes in its place. */
export function inputUserToPeer(user: any): any {
  switch (user._) {
    case 'inputUser':
      return { _: 'inputPeerUser', userId: user.userId, accessHash: user.accessHash }
    case 'inputUserFromMessage':
      return { _: 'inputPeerUserFromMessage', peer: user.peer, msgId: user.msgId, userId: user.userId }
    default:
      return { _: user._ === 'inputUserSelf' ? 'inputPeerSelf' : 'inputPeerEmpty' }
  }
}

/** InputChannel as the InputPeer that the newest layer takes in its place. */
export function inputChannelToPeer(channel: any): any {
  switch (channel._) {
    case 'inputChannel':
      return { _: 'inputPeerChannel', channelId: channel.channelId, accessHash: channel.accessHash }
    case 'inputChannelFromMessage':
      return {
        _: 'inputPeerChannelFromMessage',
        peer: channel.peer,
        msgId: channel.msgId,
        channelId: channel.channelId,
      }
    default:
      return { _: 'inputPeerEmpty' }
  }
}

const SELF = { _: 'inputPeerSelf' }
const peerUser = (userId: number) => ({ _: 'peerUser', userId })
const stars = (amount: bigint) => ({ _: 'starsAmount', amount, nanos: 0 })
const plain = (text: string) => ({ _: 'textWithEntities', text, entities: [] })
const emoji = (emoticon: string) => (emoticon === '' ? { _: 'reactionEmpty' } : { _: 'reactionEmoji', emoticon })
const someReactions = (list: string[]) =>
  list.length === 0 ? { _: 'chatReactionsNone' } : { _: 'chatReactionsSome', reactions: list.map(emoji) }
const privacy = (hidden: boolean) => ({ _: hidden ? 'paidReactionPrivacyAnonymous' : 'paidReactionPrivacyDefault' })
const recentStory = (maxId: number) => ({ _: 'recentStory', maxId })
const peerColor = (color: number) => ({ _: 'peerColor', color })
const permille = (o: any) => ({ ...o, rarity: { _: 'starGiftAttributeRarity', permille: o.rarityPermille } })
const DAYS_OF_MONTHS: Record<number, number> = { 1: 30, 3: 90, 6: 180, 12: 365, 24: 730 }
const days = (o: any) => ({ ...o, days: DAYS_OF_MONTHS[o.months] ?? (o.months * 30) | 0 })

/** Values of fields whose type changed: `name.key:OldType`. The generator stops at a change that is not here. */
export const FIELD_LIFTS: Readonly<Record<string, (value: any) => any>> = {
  'account.chatThemes.nextOffset:int': String,
  'account.getUniqueGiftChatThemes.offset:int': (v) => (v === 0 ? '' : String(v)),
  'account.updateColor.color:int': peerColor,
  'account.updateConnectedBot.recipients:InputBusinessRecipients': (v) => ({ ...v, _: 'inputBusinessBotRecipients' }),
  'channel.color:int': peerColor,
  'channel.storiesMaxId:int': recentStory,
  'channelAdminLogEventActionChangeAvailableReactions.newValue:Vector<string>': someReactions,
  'channelAdminLogEventActionChangeAvailableReactions.prevValue:Vector<string>': someReactions,
  'channelFull.availableReactions:Vector<string>': someReactions,
  'channels.sendAsPeers.peers:Vector<Peer>': (v) => v.map((peer: any) => ({ _: 'sendAsPeer', peer })),
  'chatFull.availableReactions:Vector<string>': someReactions,
  'chatlists.chatlistInvite.title:string': plain,
  'connectedBot.recipients:BusinessRecipients': (v) => ({ ...v, _: 'businessBotRecipients' }),
  'dialogFilter.title:string': plain,
  'dialogFilterChatlist.title:string': plain,
  'documentAttributeVideo.duration:int': (v) => v,
  'globalPrivacySettings.archiveAndMuteNewNoncontactPeers:Bool': (v) => v,
  'inputInvoiceStarGiftTransfer.toId:InputUser': inputUserToPeer,
  // Which answers they are is found out in OBJECT_LIFTS, where the poll is at hand.
  'inputMediaPoll.correctAnswers:Vector<bytes>': (v) => v,
  'messagePeerReaction.reaction:string': emoji,
  'messages.getMessageReactionsList.reaction:string': emoji,
  'messages.sendPaidReaction.private:Bool': privacy,
  'messages.sendPaidReaction.private:true': privacy,
  'messages.sendReaction.reaction:string': (v) => (v === '' ? [] : [emoji(v)]),
  'messages.setChatAvailableReactions.availableReactions:Vector<string>': someReactions,
  'messages.setDefaultReaction.reaction:string': emoji,
  'messages.togglePaidReactionPrivacy.private:Bool': privacy,
  'messages.translateText.text:string': (v) => [plain(v)],
  // The element objects are of another type, and lifted themselves.
  'messages.votesList.votes:Vector<MessageUserVote>': (v) => v,
  'payments.starsStatus.balance:long': stars,
  'payments.transferStarGift.toId:InputUser': inputUserToPeer,
  'poll.question:string': plain,
  'pollAnswer.text:string': plain,
  'pollResults.recentVoters:Vector<int53>': (v) => v.map(peerUser),
  'reactionCount.reaction:string': emoji,
  // Rows and buttons are turned in OBJECT_LIFTS.
  'replyInlineMarkup.rows:Vector<KeyboardButtonRow>': (v) => v,
  'starGiftAttributeOriginalDetails.recipientId:int53': peerUser,
  'starGiftAttributeOriginalDetails.senderId:int53': peerUser,
  'starGiftUnique.ownerId:int53': peerUser,
  'starsRevenueStatus.availableBalance:long': stars,
  'starsRevenueStatus.currentBalance:long': stars,
  'starsRevenueStatus.overallRevenue:long': stars,
  'todoCompletion.completedBy:int53': peerUser,
  'updateGroupCallMessage.message:TextWithEntities': (v) => v,
  'updateMessageExtendedMedia.extendedMedia:MessageExtendedMedia': (v) => [v],
  'updatePaidReactionPrivacy.private:Bool': privacy,
  'updatePeerBlocked.blocked:Bool': (v) => v,
  'updateStarsBalance.balance:long': stars,
  'user.color:int': peerColor,
  'user.storiesMaxId:int': recentStory,
  'userFull.stories:UserStories': (v) => v,
}

/**
 * Fields that requests had once and that say nothing the server needs: reviewed, and left in the object as they are.
 * The generator stops at a lost field of a request that is neither here nor in an object that is lifted.
 */
export const HARMLESS: ReadonlySet<string> = new Set([
  // The theme says which document is meant: some clients named it again.
  'account.getTheme.documentId',
  // The random id of a sponsored message says where it was seen.
  'channels.clickSponsoredMessage.channel',
  'channels.reportSponsoredMessage.channel',
  'channels.viewSponsoredMessage.channel',
  'messages.clickSponsoredMessage.peer',
  'messages.reportSponsoredMessage.peer',
  'messages.viewSponsoredMessage.peer',
  // Where a page began, and a slip of one layer: the answer begins at the first page.
  'payments.botCancelStarsSubscription.invoiceSlug',
  'stats.getMessagePublicForwards.offsetId',
  'stats.getMessagePublicForwards.offsetPeer',
  'stats.getMessagePublicForwards.offsetRate',
  // Conference calls of layers 196 to 201, which are no more.
  'phone.createConferenceCall.keyFingerprint',
  'phone.createConferenceCall.peer',
  'phone.joinGroupCall.keyFingerprint',
  'phone.requestCall.conferenceCall',
])

type Lift = (o: any) => any

// reply_to_msg_id and top_msg_id became inputReplyToMessage in layer 160 (drafts: 166).
const replyTo: Lift = (o) => {
  if (o.replyTo !== undefined) return o
  const { replyToMsgId, topMsgId, ...rest } = o
  // Without a message, a topic alone says where: its root message is what is replied to.
  const msgId = replyToMsgId ?? topMsgId
  if (msgId === undefined) return rest
  const to: any = { _: 'inputReplyToMessage', replyToMsgId: msgId }
  if (topMsgId !== undefined) to.topMsgId = topMsgId
  return { ...rest, replyTo: to }
}
const userToPeer: Lift = ({ userId, ...o }) => ({ ...o, peer: typeof userId === 'number' ? peerUser(userId) : userId })
const inputUser: Lift = ({ userId, ...o }) => (userId === undefined ? o : { ...o, peer: inputUserToPeer(userId) })
const inputChannel: Lift = ({ channel, ...o }) =>
  channel === undefined ? o : { ...o, peer: inputChannelToPeer(channel) }
const own: Lift = (o) => (o.peer === undefined ? { ...o, peer: SELF } : o)
const savedGift: Lift = ({ userId, msgId, ...o }) =>
  msgId === undefined ? o : { ...o, stargift: { _: 'inputSavedStarGiftUser', msgId } }
const canReply: Lift = ({ canReply, ...o }) =>
  canReply === undefined ? o : { ...o, rights: { _: 'businessBotRights', reply: true } }
const color: Lift = ({ backgroundEmojiId, ...o }) =>
  backgroundEmojiId === undefined ? o : { ...o, color: { _: 'peerColor', ...o.color, backgroundEmojiId } }
// A reason became an option of a menu that the server writes; the reason stays readable beside the empty option.
const reported: Lift = (o) => inputUser({ ...o, option: o.option ?? new Uint8Array(0) })
const vote: Lift = ({ userId, ...o }) => ({
  ...o,
  _: o._.replace('messageUserVote', 'messagePeerVote'),
  peer: peerUser(userId),
})
const passport = { _: 'emailVerifyPurposePassport' }

/** Whole objects, by the name they have in the older layer; for every older id of it. */
export const OBJECT_LIFTS: Readonly<Record<string, Lift>> = {
  ...Object.fromEntries(OLD_BUTTONS.map((name) => [name, liftButton])),
  replyInlineMarkup: liftInlineMarkup,
  'account.sendVerifyEmailCode': (o) => ({ ...o, purpose: o.purpose ?? passport }),
  'account.updateColor': color,
  'account.updateConnectedBot': canReply,
  'account.verifyEmail': ({ email, code, ...o }) => ({
    ...o,
    purpose: passport,
    verification: { _: 'emailVerificationCode', code },
  }),
  botBusinessConnection: canReply,
  channel: color,
  'channels.createForumTopic': inputChannel,
  'channels.deleteTopicHistory': inputChannel,
  'channels.editCreator': inputChannel,
  'channels.editForumTopic': inputChannel,
  'channels.getForumTopics': inputChannel,
  'channels.getForumTopicsByID': inputChannel,
  'channels.getFutureCreatorAfterLeave': inputChannel,
  'channels.getSponsoredMessages': inputChannel,
  'channels.reorderPinnedForumTopics': inputChannel,
  'channels.toggleSignatures': ({ enabled, ...o }) => (enabled ? { ...o, signaturesEnabled: true } : o),
  'channels.updatePinnedForumTopic': inputChannel,
  connectedBot: ({ canReply, ...o }) => ({
    ...o,
    rights: o.rights ?? { _: 'businessBotRights', ...(canReply ? { reply: true } : {}) },
  }),
  'contacts.toggleStoriesHidden': ({ id, ...o }) => ({ ...o, peer: inputUserToPeer(id) }),
  draftMessage: replyTo,
  emojiStatusUntil: (o) => ({ ...o, _: 'emojiStatus' }),
  'help.premiumPromo': ({ currency, monthlyAmount, ...o }) => ({
    ...o,
    periodOptions: [
      { _: 'premiumSubscriptionOption', current: true, months: 1, currency, amount: monthlyAmount, botUrl: '' },
    ],
  }),
  inputInvoiceStarGift: inputUser,
  inputInvoiceStarGiftTransfer: savedGift,
  inputInvoiceStarGiftUpgrade: savedGift,
  inputInvoiceStars: ({ option, ...o }) => ({
    ...o,
    purpose: o.purpose ?? {
      _: 'inputStorePaymentStarsTopup',
      stars: option.stars,
      currency: option.currency,
      amount: option.amount,
    },
  }),
  inputMediaPoll: (o) => {
    if (o.correctAnswers === undefined) return o
    // An option that is no answer's becomes an index that is none's, and the poll is refused for it as before.
    const index = (option: Uint8Array) =>
      o.poll.answers.findIndex((a: any) => a.option && Buffer.compare(a.option, option) === 0)
    return { ...o, correctAnswers: o.correctAnswers.map(index) }
  },
  inputMediaStory: inputUser,
  inputPeerPhotoFileLocationLegacy: (o) => ({ ...o, _: 'inputPeerPhotoFileLocation', photoId: o.volumeId }),
  inputReplyToStory: inputUser,
  inputStickerSetThumbLegacy: (o) => ({ ...o, _: 'inputStickerSetThumb', thumbVersion: o.localId }),
  inputStorePaymentStars: (o) => ({ ...o, _: 'inputStorePaymentStarsTopup' }),
  messageActionGiftCode: days,
  messageActionGiftPremium: days,
  messageActionRequestedPeer: ({ peer, ...o }) => ({ ...o, peers: [peer] }),
  messageActionSetChatTheme: ({ emoticon, ...o }) => ({ ...o, theme: { _: 'chatTheme', emoticon } }),
  messageActionAttachMenuBotAllowed: () => ({ _: 'messageActionBotAllowed', attachMenu: true }),
  messageActionSetSameChatWallPaper: (o) => ({ ...o, _: 'messageActionSetChatWallPaper', same: true }),
  messageActionStarGiftUnique: ({ resaleStars, ...o }) =>
    resaleStars === undefined ? o : { ...o, resaleAmount: stars(resaleStars) },
  messageMediaDocument: ({ altDocument, ...o }) =>
    altDocument === undefined ? o : { ...o, altDocuments: [altDocument] },
  messageMediaStory: userToPeer,
  messageReplyStoryHeader: userToPeer,
  messageUserVote: vote,
  messageUserVoteInputOption: vote,
  messageUserVoteMultiple: vote,
  'messages.chatInviteJoinResultWebView': ({ webview, ...o }) => ({ ...o, queryId: webview.queryId ?? 0n }),
  'messages.composeMessageWithAI': ({ changeTone, ...o }) =>
    changeTone === undefined ? o : { ...o, tone: { _: 'inputAiComposeToneDefault', tone: changeTone } },
  'messages.prolongWebView': replyTo,
  'messages.report': reported,
  'messages.requestWebView': replyTo,
  'messages.saveDraft': replyTo,
  'messages.sendBotRequestedPeer': ({ requestedPeer, ...o }) =>
    requestedPeer === undefined ? o : { ...o, requestedPeers: [requestedPeer] },
  'messages.sendInlineBotResult': replyTo,
  'messages.sendMedia': replyTo,
  'messages.sendMessage': replyTo,
  'messages.sendMultiMedia': replyTo,
  'messages.sendScreenshotNotification': replyTo,
  'messages.setChatTheme': ({ emoticon, ...o }) => ({
    ...o,
    theme: emoticon === '' ? { _: 'inputChatThemeEmpty' } : { _: 'inputChatTheme', emoticon },
  }),
  'messages.translateText': ({ msgId, fromLang, ...o }) => (msgId === undefined ? o : { ...o, id: [msgId] }),
  'messages.translateResultText': ({ text }) => ({ _: 'messages.translateResult', result: [plain(text)] }),
  'messages.translateNoResult': () => ({ _: 'messages.translateResult', result: [] }),
  'payments.checkedGiftCode': days,
  'payments.convertStarGift': savedGift,
  'payments.getSavedStarGifts': ({ excludeLimited, ...o }) =>
    excludeLimited ? { ...o, excludeUpgradable: true, excludeUnupgradable: true } : o,
  'payments.getStarsRevenueWithdrawalUrl': ({ stars, ...o }) => ({ ...o, amount: stars }),
  'payments.getUserStarGift': ({ msgId, ...o }) => ({
    ...o,
    stargift: msgId.map((id: number) => ({ _: 'inputSavedStarGiftUser', msgId: id })),
  }),
  'payments.getUserStarGifts': inputUser,
  'payments.saveStarGift': savedGift,
  'payments.transferStarGift': savedGift,
  'payments.updateStarGiftPrice': ({ resellStars, ...o }) => ({ ...o, resellAmount: stars(resellStars) }),
  'payments.upgradeStarGift': savedGift,
  phoneCallDiscardReasonAllowGroupCall: () => ({ _: 'phoneCallDiscardReasonHangup' }),
  reactionCount: ({ chosen, ...o }) => (chosen ? { ...o, chosenOrder: 0 } : o),
  starGiftAttributeBackdrop: permille,
  starGiftAttributeModel: permille,
  starGiftAttributePattern: permille,
  starGiftUnique: ({ resellStars, ...o }) =>
    resellStars === undefined ? o : { ...o, resellAmount: [stars(resellStars)] },
  starsTransaction: ({ stars: amount, ...o }) =>
    amount === undefined ? o : { ...o, amount: typeof amount === 'bigint' ? stars(amount) : amount },
  'stats.broadcastStats': ({ recentMessageInteractions, ...o }) => ({
    ...o,
    recentPostsInteractions: recentMessageInteractions,
  }),
  messageInteractionCounters: (o) => ({ ...o, _: 'postInteractionCountersMessage', reactions: 0 }),
  'stories.allStories': ({ userStories, ...o }) => ({
    ...o,
    peerStories: userStories,
    stealthMode: o.stealthMode ?? { _: 'storiesStealthMode' },
  }),
  'stories.allStoriesNotModified': (o) => ({ ...o, stealthMode: { _: 'storiesStealthMode' } }),
  'stories.canSendStory': own,
  'stories.deleteStories': own,
  'stories.editStory': own,
  'stories.exportStoryLink': inputUser,
  'stories.getPinnedStories': inputUser,
  'stories.getStoriesArchive': own,
  'stories.getStoriesByID': inputUser,
  'stories.getStoriesViews': own,
  'stories.getStoryViewsList': own,
  'stories.getUserStories': inputUser,
  'stories.incrementStoryViews': inputUser,
  'stories.readStories': inputUser,
  'stories.report': reported,
  'stories.sendReaction': inputUser,
  'stories.sendStory': own,
  'stories.togglePinned': own,
  updateChannelPinnedTopic: (o) => ({
    topicId: 0,
    ...o,
    _: 'updatePinnedForumTopic',
    peer: { _: 'peerChannel', channelId: o.channelId },
  }),
  updateChannelPinnedTopics: (o) => ({
    ...o,
    _: 'updatePinnedForumTopics',
    peer: { _: 'peerChannel', channelId: o.channelId },
  }),
  updateGroupCall: ({ chatId, ...o }) => (chatId === undefined ? o : { ...o, peer: { _: 'peerChat', chatId } }),
  updateGroupCallMessage: ({ fromId, randomId, message, ...o }) => ({
    ...o,
    message: { _: 'groupCallMessage', id: 0, fromId, date: 0, message },
  }),
  updateMessagePollVote: (o) => (o.userId === undefined ? o : userToPeer(o)),
  updateReadStories: userToPeer,
  updateSentStoryReaction: userToPeer,
  updateStory: userToPeer,
  updateUserName: ({ username, ...o }) => ({
    ...o,
    usernames: username === '' ? [] : [{ _: 'username', editable: true, active: true, username }],
  }),
  user: color,
  userFull: ({ themeEmoticon, ...o }) =>
    themeEmoticon === undefined ? o : { ...o, theme: { _: 'chatTheme', emoticon: themeEmoticon } },
  userStories: (o) => ({ ...userToPeer(o), _: 'peerStories' }),
  'stories.userStories': (o) => ({ ...o, _: 'stories.peerStories', chats: [] }),
  'users.getStoriesMaxIDs': ({ id, ...o }) => ({ ...o, id: id.map(inputUserToPeer) }),
  webPageAttributeStory: userToPeer,
}
