/**
 * Which 64-bit integers are written `int53` (a number in JavaScript) instead of `long` (a bigint). On the wire both
 * are the same eight bytes. The convention is that of @mtcute/tl's api-schema.json: ids of users, chats, channels and
 * bots, sizes of files and offsets in them are int53; hashes and ids of everything else stay long, and so do amounts.
 *
 * The tables below say what that package says at layers 167 to 223 (collect.ts refuses to run when they differ from
 * it). Constructors that it never had are decided by the name of the field; what layers 224 to 229 brought (communities,
 * ephemeral messages, ...) and what its versions skip is in the same tables, in the same sense.
 */

/** Fields that are int53 wherever they are 64 bits wide. */
const NAMES = new Set([
  'actor_id',
  'admin_id',
  'approved_by',
  'author_id',
  'bot_id',
  'bot_manager_id',
  'broadcast_id',
  'business_bot_id',
  'channel_id',
  'channels',
  'chat_id',
  'chats',
  'community_id',
  'completed_by',
  'contact_id',
  'creator_chat_ids',
  'exclude_users',
  'file_max_size',
  'file_size_max',
  'from_id',
  'guard_bot_id',
  'inviter_id',
  'joined_chat_ids',
  'kicked_by',
  'linked_chat_id',
  'linked_community_id',
  'linked_monoforum_id',
  'new_creator_id',
  'offset',
  'other_uids',
  'participant_id',
  'personal_channel_id',
  'promoted_by',
  'receiver_id',
  'recent_requesters',
  'recent_viewers',
  'requested_by',
  'size',
  'user_id',
  'user_id_hint',
  'users',
  'via_bot_id',
  'via_business_bot_id',
  'video_size_max',
])

/** `constructor.field` that are int53 although the name alone says long. */
const ALSO = new Set([
  'channel.id',
  'channelAdminLogEventActionChangeLinkedChat.new_value',
  'channelAdminLogEventActionChangeLinkedChat.prev_value',
  'channelForbidden.id',
  'channelFull.id',
  'chat.id',
  'chatEmpty.id',
  'chatForbidden.id',
  'chatFull.id',
  'community.id',
  'communityForbidden.id',
  'communityFull.id',
  'contacts.editCloseFriends.id',
  'messages.getAllChats.except_ids',
  'messages.getChats.id',
  'messages.getCommonChats.max_id',
  // Ids of users, as the newest layer's peers show; the package leaves them long.
  'pollResults.recent_voters',
  'starGiftAttributeOriginalDetails.recipient_id',
  'starGiftAttributeOriginalDetails.sender_id',
  'starGiftUnique.owner_id',
  'user.id',
  'userEmpty.id',
  'userFull.id',
])

/** `constructor.field` that are long although the name alone says int53. */
const EXCEPT = new Set(['chatFull.recent_requesters', 'messageMediaGiveawayResults.channel_id'])

/** Where we knowingly differ from the package: collect.ts does not compare these. */
export const DIFFERS: ReadonlySet<string> = new Set(['pollResults.recent_voters'])

/** Whether a field of type long (or Vector<long>) is written int53. */
export function isInt53(combinator: string, field: string): boolean {
  const key = `${combinator}.${field}`
  return ALSO.has(key) || (NAMES.has(field) && !EXCEPT.has(key))
}
