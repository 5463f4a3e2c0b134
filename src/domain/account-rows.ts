import type { Ctx } from '../rpc/context.ts'
import { tellChatBots } from './bot-updates.ts'
import { leaveAllChannels } from './channel-messages.ts'
import { bumpVersion, tellParticipants } from './chat-members.ts'
import { GONE } from './chat-rows.ts'
import { unindex } from './search-index.ts'
import { dropTakeoutFile } from './takeout-file.ts'

/**
 * Tables whose rows belong to one account and go with it, each with the column that names the account. A test checks
 * that every table with an `owner` is either here or in KEPT.
 */
export const OWNED = {
  ad_choice: 'owner',
  ad_seen: 'owner',
  auto_download: 'owner',
  auto_save: 'owner',
  block: 'owner',
  boost: 'owner',
  bot_topic: 'owner',
  chatlist_invite: 'owner',
  chatlist_joined: 'owner',
  contact_setting: 'owner',
  device_lock: 'owner',
  dialog: 'owner',
  dialog_filter: 'owner',
  dialog_list: 'owner',
  dismissed_suggestion: 'owner',
  featured_read: 'owner',
  forum_as_messages: 'owner',
  history_import: 'owner',
  installed_set: 'owner',
  kept_document: 'owner',
  located: 'owner',
  message_indexed: 'owner',
  notify_setting: 'owner',
  premium: 'owner',
  post_search: 'owner',
  privacy: 'owner',
  profile_photo: 'owner',
  push_token: 'owner',
  reaction_setting: 'owner',
  reaction_use: 'owner',
  read_mark: 'owner',
  received: 'owner',
  recent_link: 'owner',
  ringtone: 'owner',
  saved_contact: 'owner',
  saved_music: 'owner',
  saved_pin: 'owner',
  saved_tag: 'owner',
  scheduled_message: 'owner',
  scheduled_queue: 'owner',
  secret_message: 'owner',
  secret_queue: 'owner',
  secret_sent: 'owner',
  sms_sender: 'owner',
  takeout: 'owner',
  takeout_request: 'owner',
  thread_state: 'owner',
  top_peer: 'owner',
  transcription_use: 'owner',
  translation_setting: 'owner',
  upload: 'owner',
  upload_part: 'owner',
  web_browser: 'owner',
  web_browser_exception: 'owner',
  web_page_place: 'owner',
  accepted_terms: 'user_id',
  community_member: 'user_id',
  live_location: 'user_id',
  login_email: 'user_id',
  password: 'user_id',
  verified_email: 'user_id',
} as const

/**
 * Tables with an `owner` whose rows stay or go otherwise: files may be in messages of others, the empty box shows that
 * the account was there; names and contacts go at once; messages and the log go by parts.
 */
export const KEPT = [
  'box',
  'contact',
  // A channel's.
  'discussion',
  'document',
  'job',
  'log',
  'message',
  'message_text',
  'photo',
  'poll_place',
  'reaction_report',
  'read_metric',
  'secret_file',
  'sms_job',
  // Others have its stickers.
  'sticker_set',
  'username',
] as const

/** Rows deleted in one transaction. */
const BATCH = 500

/**
 * Clears away what a deleted account leaves: its groups, its copies of messages, its settings. By parts, so that
 * nobody waits for a long history; it may be broken off and begun again.
 */
export async function sweepAccount(ctx: Ctx, userId: number): Promise<void> {
  await leaveChats(ctx, userId)
  while (await sweepMessages(ctx, userId));
  while (await sweepLog(ctx, userId));
  await ctx.transact(async (tx) => {
    const exports = await tx.trx.selectFrom('takeout').select('file_key').where('owner', '=', userId).execute()
    for (const { file_key } of exports) dropTakeoutFile(tx, file_key)
    for (const [table, column] of Object.entries(OWNED)) {
      // The columns' types are the same; the union of the tables is too much for the type checker.
      await tx.trx
        .deleteFrom(table as 'dialog')
        .where(column as 'owner', '=', userId)
        .execute()
    }
    await tx.trx.deleteFrom('job').where('owner', '=', userId).where('lease_until', '=', 0).execute()
  })
}

/** Nobody is told by a message: the others see that the members are fewer. */
async function leaveChats(ctx: Ctx, userId: number): Promise<void> {
  const memberships = await ctx.db
    .selectFrom('chat_member')
    .select('chat_id')
    .where('user_id', '=', userId)
    .where('gone', '=', GONE.in)
    .execute()
  for (const { chat_id: chat } of memberships) {
    await ctx.transact(async (tx) => {
      const left = await tx.trx
        .updateTable('chat_member')
        .set({ gone: GONE.left })
        .where('chat_id', '=', chat)
        .where('user_id', '=', userId)
        .where('gone', '=', GONE.in)
        .returningAll()
        .executeTakeFirst()
      if (!left) return
      await bumpVersion(tx, chat, -1)
      await tellChatBots(tx, chat, userId, { ...left, gone: GONE.in })
      await tellParticipants(tx, chat)
    })
  }
  await leaveAllChannels(ctx, userId)
}

async function sweepMessages(ctx: Ctx, owner: number): Promise<boolean> {
  return ctx.transact(async (tx) => {
    const rows = await tx.trx.selectFrom('message').select('id').where('owner', '=', owner).limit(BATCH).execute()
    if (rows.length === 0) return false
    const ids = rows.map((r) => r.id)
    await unindex(tx, owner, ids)
    await tx.trx.deleteFrom('message').where('owner', '=', owner).where('id', 'in', ids).execute()
    return true
  })
}

async function sweepLog(ctx: Ctx, owner: number): Promise<boolean> {
  return ctx.transact(async (tx) => {
    const rows = await tx.trx.selectFrom('log').select('pos').where('owner', '=', owner).limit(BATCH).execute()
    if (rows.length === 0) return false
    const list = rows.map((r) => r.pos)
    await tx.trx.deleteFrom('log').where('owner', '=', owner).where('pos', 'in', list).execute()
    return true
  })
}
