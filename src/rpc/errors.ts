import { errorCode, type ErrorName as Published } from '../tl/index.ts'

/** Every error name of the published list, and those that any method may answer. */
export type ErrorName = Published | GeneralError

/**
 * Errors that belong to no single method, with their codes.
 * https://core.telegram.org/api/errors
 */
const GENERAL = {
  API_ID_INVALID: 400,
  AUTH_KEY_DUPLICATED: 406,
  AUTH_KEY_INVALID: 401,
  AUTH_KEY_PERM_EMPTY: 401,
  AUTH_KEY_UNREGISTERED: 401,
  BOT_METHOD_INVALID: 400,
  // The pages of the methods that take a mailed recovery code do not name it; it is what a wrong one gets.
  CODE_INVALID: 400,
  CONNECTION_LAYER_INVALID: 400,
  CONNECTION_NOT_INITED: 400,
  'FLOOD_WAIT_%d': 420,
  INPUT_CONSTRUCTOR_INVALID: 400,
  INPUT_FETCH_ERROR: 400,
  INPUT_METHOD_INVALID: 400,
  INPUT_REQUEST_TOO_LONG: 400,
  INTERNAL: 500,
  LIMIT_INVALID: 400,
  // Whatever gives a file in parts; the page of one of them names it.
  OFFSET_INVALID: 400,
  MSG_WAIT_FAILED: 400,
  MSG_WAIT_TIMEOUT: 500,
  NOT_IMPLEMENTED: 501,
  PEER_ID_INVALID: 400,
  // Settings that a channel has from a level or a size on: pages of most of them do not name it.
  BOOSTS_REQUIRED: 400,
  // https://core.telegram.org/api/sponsored-messages: an ad that is shown no more.
  AD_EXPIRED: 400,
  // communities.togglePeerLink: the community's administrators have been asked. No page has it yet.
  COMMUNITY_REQUEST_CREATED: 400,
  PARTICIPANTS_TOO_FEW: 400,
  // https://core.telegram.org/method/account.updateColor has it for the same palettes.
  COLOR_INVALID: 400,
  // Whatever sends, where a message costs Telegram Stars. https://core.telegram.org/api/paid-messages
  'ALLOW_PAYMENT_REQUIRED_%d': 403,
  // Whatever takes a suggested post takes when it is to appear. https://core.telegram.org/api/suggested-posts
  SCHEDULE_DATE_INVALID: 400,
  // Whatever sends, in a supergroup with slow mode, and in one that is to be joined before one comments.
  'SLOWMODE_WAIT_%d': 420,
  CHAT_GUEST_SEND_FORBIDDEN: 403,
  // The published list says that it is for polls, too; their pages do not.
  ANONYMOUS_REACTIONS_DISABLED: 403,
  CHANNEL_INVALID: 400,
  CHANNEL_PRIVATE: 400,
  CHAT_ID_INVALID: 400,
  // What any method about a chat may answer to who lacks the right, whether or not its page says so.
  CHAT_ADMIN_REQUIRED: 400,
  CHAT_WRITE_FORBIDDEN: 403,
  USER_NOT_MUTUAL_CONTACT: 400,
  USER_NOT_PARTICIPANT: 400,
  // https://core.telegram.org/api/boost names both for premium.applyBoost; the method's own page does not.
  BOOST_NOT_MODIFIED: 400,
  PREMIUM_ACCOUNT_REQUIRED: 403,
  // What is out of bounds where a method takes a text, a peer folder or pinned dialogs, and its page does not say so.
  MESSAGE_TOO_LONG: 400,
  FOLDER_ID_INVALID: 400,
  PINNED_DIALOGS_TOO_MUCH: 400,
  MESSAGE_ID_INVALID: 400,
  MSG_ID_INVALID: 400,
  USER_ID_INVALID: 400,
  // Any method that takes an InputUser or InputPeer: bots may not name users by a message.
  FROM_MESSAGE_BOT_DISABLED: 400,
  // https://core.telegram.org/method/messages.toggleNoForwards has it; the list of errors does not yet.
  REQUEST_MSG_EXPIRED: 400,
  // https://core.telegram.org/method/account.reportProfilePhoto takes an InputPhoto and does not name this.
  PHOTO_ID_INVALID: 400,
  // https://core.telegram.org/method/channels.searchPosts asks for words or a hashtag, and does not name it.
  SEARCH_QUERY_EMPTY: 400,
  // Every method that sends takes an effect; the pages of two of them name one error each.
  EFFECT_CHAT_INVALID: 400,
  EFFECT_ID_INVALID: 400,
  // Whatever takes an InputDocument; the newest pages have no errors yet.
  DOCUMENT_INVALID: 400,
  // Secret chats: what the page of one method that sends or asks names, the pages of the others do not.
  DATA_INVALID: 400,
  DATA_TOO_LONG: 400,
  DH_G_A_INVALID: 400,
  PRIVACY_PREMIUM_REQUIRED: 406,
  USER_IS_BLOCKED: 400,
  // Whatever takes a rich message: what the network answers, and no page names yet.
  RICH_MESSAGE_BLOCKS_TOO_MANY: 400,
  RICH_MESSAGE_CONTENT_REQUIRED: 400,
  RICH_MESSAGE_DEPTH_INVALID: 400,
  RICH_MESSAGE_EMAIL_INVALID: 400,
  RICH_MESSAGE_EMOJI_INVALID: 400,
  RICH_MESSAGE_EMPTY: 400,
  RICH_MESSAGE_MEDIA_TOO_MANY: 400,
  RICH_MESSAGE_PHOTO_INVALID: 400,
  RICH_MESSAGE_PHOTO_NO_MEDIA_FOUND: 400,
  RICH_MESSAGE_TABLE_COLS_TOO_MANY: 400,
  RICH_MESSAGE_TEXT_TOO_LONG: 400,
  RICH_MESSAGE_TOO_LARGE: 400,
  RICH_MESSAGE_UNSUPPORTED: 400,
  RICH_MESSAGE_URL_INVALID: 400,
  RICH_VALIDATE_CTOR_NOT_ALLOWED: 400,
  // Methods for texts take rich messages, in which there may be anything: their pages name the right to texts alone.
  CHAT_SEND_AUDIOS_FORBIDDEN: 403,
  CHAT_SEND_DOCS_FORBIDDEN: 403,
  CHAT_SEND_GIFS_FORBIDDEN: 403,
  CHAT_SEND_PHOTOS_FORBIDDEN: 403,
  CHAT_SEND_VIDEOS_FORBIDDEN: 403,
  CHAT_SEND_VOICES_FORBIDDEN: 403,
  // Every method that sends takes a random id; the page of one of them names it.
  RANDOM_ID_EMPTY: 400,
  // https://core.telegram.org/api/srp: whatever takes an InputCheckPasswordSRP.
  PASSWORD_HASH_INVALID: 400,
  SRP_ID_INVALID: 400,
  SRP_PASSWORD_CHANGED: 400,
  SESSION_PASSWORD_NEEDED: 401,
  SESSION_REVOKED: 401,
  SESSION_EXPIRED: 401,
  TAKEOUT_INVALID: 400,
  USER_BOT_REQUIRED: 400,
  USER_BOT_INVALID: 400,
  USER_DEACTIVATED: 401,
  USER_DEACTIVATED_BAN: 401,
} as const
export type GeneralError = keyof typeof GENERAL

/** The code that goes with a name when no method's own list says otherwise. */
export function codeOf(method: string, name: string): number {
  return errorCode(method, name) ?? (GENERAL as Record<string, number>)[name] ?? 400
}

/** True for a name that any method may answer, whatever its own page lists. */
export function isGeneralError(name: string): boolean {
  return name in GENERAL
}

/**
 * What a handler throws to refuse a call. The name comes from the published list; `value` stands for the %d in
 * names such as FLOOD_WAIT_%d (seconds) or FILE_MIGRATE_%d. The code is looked up by (method, name) at the boundary.
 */
export class RpcError extends Error {
  readonly type: ErrorName
  readonly value: number | string | undefined

  constructor(type: ErrorName, value?: number | string) {
    super(value === undefined ? type : type.replace('%d', String(value)))
    this.type = type
    this.value = value
  }
}
