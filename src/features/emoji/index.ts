import messagesGetCustomEmojiDocuments from './messages.getCustomEmojiDocuments.ts'
import messagesGetEmojiStickers from './messages.getEmojiStickers.ts'
import messagesGetFeaturedEmojiStickers from './messages.getFeaturedEmojiStickers.ts'
import messagesSearchCustomEmoji from './messages.searchCustomEmoji.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  messagesGetCustomEmojiDocuments,
  messagesGetEmojiStickers,
  messagesGetFeaturedEmojiStickers,
  messagesSearchCustomEmoji,
]
