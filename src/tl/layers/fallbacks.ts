// What is written when a layer lacks a constructor. Everything the server may send to an older client is here, by the
// constructor's name or by its type; what is not is refused with TlError, and the exhaustive test (layers.test.ts)
// names it.
import { lowerButton } from './buttons.ts'
import { plainOfRich } from './rich-plain.ts'

/**
 * What stands for an object in a layer that lacks its constructor: another object (which may be lacking too), or null,
 * which leaves it out of its vector or its optional field.
 */
export type Fallback = (o: any, layer: number) => { _: string } | null

const leftOut: Fallback = () => null
const of =
  (name: string): Fallback =>
  () => ({ _: name })

/** By boxed type. */
export const TYPE_FALLBACKS: Readonly<Record<string, Fallback>> = {
  ChannelAdminLogEventAction: leftOut,
  Dialog: leftOut,
  DialogFilter: leftOut,
  DialogPeer: leftOut,
  EmojiStatus: of('emojiStatusEmpty'),
  InlineQueryPeerType: leftOut,
  InputGroupCall: () => ({ _: 'inputGroupCall', id: 0n, accessHash: 0n }),
  InputReplyTo: leftOut,
  InputStickerSet: of('inputStickerSetEmpty'),
  MediaArea: leftOut,
  MessageAction: of('messageActionEmpty'),
  MessageEntity: leftOut,
  MessageMedia: of('messageMediaUnsupported'),
  MessageReplyHeader: leftOut,
  MessagesFilter: of('inputMessagesFilterEmpty'),
  NotifyPeer: leftOut,
  PageBlock: of('pageBlockUnsupported'),
  PeerColor: of('peerColor'),
  PhoneCallDiscardReason: of('phoneCallDiscardReasonHangup'),
  PrepaidGiveaway: leftOut,
  PrivacyKey: leftOut,
  PrivacyRule: leftOut,
  PublicForward: leftOut,
  // A star, as clients show a paid reaction.
  Reaction: () => ({ _: 'reactionEmoji', emoticon: '⭐' }),
  RequestPeerType: leftOut,
  RichText: (o) => o.text ?? { _: 'textEmpty' },
  SavedDialog: leftOut,
  SendMessageAction: of('sendMessageTypingAction'),
  StarGift: leftOut,
  StarGiftAttribute: leftOut,
  StarGiftAttributeId: leftOut,
  StarsTransactionPeer: of('starsTransactionPeerUnsupported'),
  StoryView: leftOut,
  TopPeerCategory: leftOut,
  Update: leftOut,
  VideoSize: leftOut,
  WebPageAttribute: leftOut,
}

const vote: Fallback = (o) => ({
  ...o,
  _: o._.replace('messagePeerVote', 'messageUserVote'),
  userId: o.peer.userId ?? 0,
})
const codeSms: Fallback = (o) => ({ _: 'auth.sentCodeTypeSms', length: o.length ?? 5 })
const inlineText: Fallback = ({ url, ...o }) => ({ ...o, _: 'botInlineMessageText' })
const plainInline: Fallback = (o) => ({
  _: 'botInlineMessageText',
  message: plainOfRich(o.richMessage),
  replyMarkup: o.replyMarkup,
})

/** By constructor; these come before what its type says. */
export const FALLBACKS: Readonly<Record<string, Fallback>> = {
  'auth.codeTypeFragmentSms': of('auth.codeTypeSms'),
  'auth.sentCodeTypeEmailCode': codeSms,
  'auth.sentCodeTypeFirebaseSms': codeSms,
  'auth.sentCodeTypeFragmentSms': codeSms,
  'auth.sentCodeTypeSetUpEmailRequired': codeSms,
  'auth.sentCodeTypeSmsPhrase': codeSms,
  'auth.sentCodeTypeSmsWord': codeSms,
  botInlineMessageMediaWebPage: inlineText,
  botInlineMessageRichMessage: plainInline,
  chatThemeUniqueGift: (o) => ({ _: 'chatTheme', emoticon: o.gift?.emoticon ?? '' }),
  community: (o) => ({ _: 'channelForbidden', id: o.id, accessHash: o.accessHash ?? 0n, title: o.title }),
  communityForbidden: (o) => ({ _: 'channelForbidden', id: o.id, accessHash: o.accessHash ?? 0n, title: o.title }),
  emojiStatusCollectible: (o) => ({ _: 'emojiStatus', documentId: o.documentId, until: o.until }),
  emojiGroupGreeting: (o) => ({ ...o, _: 'emojiGroup' }),
  emojiGroupPremium: () => null,
  inputKeyboardButtonRequestPeer: (o) => ({ ...o, _: 'keyboardButtonRequestPeer' }),
  keyboardButtonCopy: (o) => ({ _: 'keyboardButtonCallback', text: o.text, style: o.style, data: new Uint8Array(0) }),
  keyboardButtonRequestPeer: (o) => ({ _: 'keyboardButton', text: o.text }),
  keyboardInlineButton: (o) => lowerButton(o),
  keyboardInlineButtonRow: (o) => ({ _: 'keyboardButtonRow', buttons: o.buttons }),
  messagePeerVote: vote,
  messagePeerVoteInputOption: vote,
  messagePeerVoteMultiple: vote,
  'messages.sponsoredMessagesEmpty': () => ({ _: 'messages.sponsoredMessages', messages: [], chats: [], users: [] }),
  'messages.translateResult': (o) =>
    o.result.length === 0
      ? { _: 'messages.translateNoResult' }
      : { _: 'messages.translateResultText', text: o.result[0].text },
  pageBlockHeading1: (o) => ({ _: 'pageBlockHeader', text: o.text }),
  pageBlockHeading2: (o) => ({ _: 'pageBlockHeader', text: o.text }),
  pageBlockHeading3: (o) => ({ _: 'pageBlockSubheader', text: o.text }),
  pageBlockHeading4: (o) => ({ _: 'pageBlockSubheader', text: o.text }),
  pageBlockHeading5: (o) => ({ _: 'pageBlockSubheader', text: o.text }),
  pageBlockHeading6: (o) => ({ _: 'pageBlockSubheader', text: o.text }),
  pageBlockMath: (o) => ({ _: 'pageBlockPreformatted', text: { _: 'textPlain', text: o.source }, language: 'latex' }),
  peerStories: (o) => ({ _: 'userStories', userId: o.peer.userId ?? 0, maxReadId: o.maxReadId, stories: o.stories }),
  'payments.savedStarGifts': (o) => ({
    _: 'payments.userStarGifts',
    count: o.count,
    gifts: o.gifts,
    nextOffset: o.nextOffset,
    users: o.users,
  }),
  savedStarGift: (o) => ({ ...o, _: 'userStarGift', fromId: o.fromId?.userId }),
  sendMessageStopDraftAction: of('sendMessageCancelAction'),
  starsTonAmount: () => ({ _: 'starsAmount', amount: 0n, nanos: 0 }),
  stickerSetNoCovered: (o) => ({ _: 'stickerSetCovered', set: o.set, cover: { _: 'documentEmpty', id: 0n } }),
  textCustomEmoji: (o) => ({ _: 'textPlain', text: o.alt }),
  textMath: (o) => ({ _: 'textPlain', text: o.source }),
  updatePinnedForumTopic: (o) =>
    o.peer.channelId === undefined
      ? null
      : { _: 'updateChannelPinnedTopic', channelId: o.peer.channelId, pinned: o.pinned, topicId: o.topicId },
  updatePinnedForumTopics: (o) =>
    o.peer.channelId === undefined
      ? null
      : { _: 'updateChannelPinnedTopics', channelId: o.peer.channelId, order: o.order },
}

const knownReaction: Fallback = (o, layer) =>
  o.reaction._ === 'reactionEmoji' || (layer > 144 && o.reaction._ === 'reactionCustomEmoji') ? o : null

/**
 * Constructors that a layer has, but writes otherwise: for layers up to `until`, what to write instead; null leaves
 * it out, and the object itself is written as it is.
 */
export const SUBSTITUTES: Readonly<Record<string, { until: number; to: Fallback }>> = {
  // The name is that of one kind of button before 229.
  keyboardButton: { until: 228, to: (o) => (o.type === undefined ? o : lowerButton(o)) },
  // Before layer 145 a reaction was an emoji in a string: others were not there.
  // Until layer 185 there were no paid ones, and a count of stars is none of reactions.
  messagePeerReaction: { until: 185, to: knownReaction },
  reactionCount: { until: 185, to: knownReaction },
  // Before layer 216 nothing is read but a whole dialog: where a topic was, that a place in pts was taken is told.
  updateReadHistoryInbox: {
    until: 215,
    to: (o) =>
      o.topMsgId === undefined ? o : { _: 'updateDeleteMessages', messages: [], pts: o.pts, ptsCount: o.ptsCount },
  },
  // Before layer 198 a status with an end was a constructor of its own.
  emojiStatus: { until: 197, to: (o) => (o.until === undefined ? o : { ...o, _: 'emojiStatusUntil' }) },
}

/**
 * Objects that say nothing without what some fields hold: if that is left out, so is the object, or `instead` is
 * written.
 */
export const CARRIERS: Readonly<Record<string, { fields: readonly string[]; instead?: Fallback }>> = {
  channelAdminLogEvent: { fields: ['action'] },
  dialogFilterSuggested: { fields: ['filter'] },
  messageActionStarGift: { fields: ['gift'], instead: of('messageActionEmpty') },
  topPeerCategoryPeers: { fields: ['category'] },
  updateDialogPinned: { fields: ['peer'] },
  updateDialogUnreadMark: { fields: ['peer'] },
  updateNotifySettings: { fields: ['peer'] },
  updatePrivacy: { fields: ['key'] },
  updateSavedDialogPinned: { fields: ['peer'] },
  userStarGift: { fields: ['gift'] },
  updateShort: {
    fields: ['update'],
    instead: (o) => ({ _: 'updates', updates: [], users: [], chats: [], date: o.date, seq: 0 }),
  },
}
