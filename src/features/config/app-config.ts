import { ANTISPAM_ACCOUNT } from '../../domain/antispam.ts'
import { BOOST_LEVELS, MAX_LEVEL } from '../../domain/boosts.ts'
import { COMMUNITY_PEERS } from '../../domain/communities.ts'
import { WELCOMES } from '../../domain/ephemeral.ts'
import { FACT_CHECK_LENGTH } from '../../domain/fact-checks.ts'
import { POLL } from '../../domain/make-poll.ts'
import { type PremiumLimit, premiumLimit } from '../../domain/premium-limits.ts'
import { REACTION_LIMITS } from '../../domain/reactions.ts'
import { RECOMMENDED, RECOMMENDED_PREMIUM } from '../../domain/recommended.ts'
import { RINGTONE } from '../../domain/ringtones.ts'
import { KEPT_DOCUMENTS } from '../../domain/stickers/kept.ts'
import { SUGGESTION } from '../../domain/suggested-posts.ts'
import { TODO } from '../../domain/todo.ts'
import type { Ctx } from '../../rpc/context.ts'
import type { Json } from './json.ts'

/**
 * What clients read of the server's limits and features. Limits come from the configuration.
 * https://core.telegram.org/api/config#client-configuration
 */
export function appConfig(ctx: Ctx): { [key: string]: Json } {
  return {
    channels_limit_default: 500,
    channels_limit_premium: 1000,
    ...both('saved_gifs_limit', KEPT_DOCUMENTS.gif),
    ...both('stickers_faved_limit', KEPT_DOCUMENTS.faved),
    ...each(ctx, 'dialog_filters_limit', 'folders'),
    ...each(ctx, 'dialog_filters_chats_limit', 'folderPeers'),
    ...each(ctx, 'dialogs_pinned_limit', 'pinnedDialogs'),
    ...each(ctx, 'dialogs_folder_pinned_limit', 'pinnedDialogsInFolder'),
    channels_public_limit_default: 10,
    channels_public_limit_premium: 20,
    ...each(ctx, 'caption_length_limit', 'captionLength'),
    ...each(ctx, 'upload_max_fileparts', 'fileParts'),
    ...each(ctx, 'about_length_limit', 'aboutLength'),
    ...each(ctx, 'chatlist_invites_limit', 'chatlistInvites'),
    ...each(ctx, 'chatlists_joined_limit', 'chatlistsJoined'),
    chatlist_update_period: 3600,
    ...both('saved_dialogs_pinned_limit', 100),
    reactions_user_max_default: REACTION_LIMITS.user,
    reactions_user_max_premium: REACTION_LIMITS.premium,
    recommended_channels_limit_default: RECOMMENDED,
    recommended_channels_limit_premium: RECOMMENDED_PREMIUM,
    ...BOOST_LEVELS,
    boosts_channel_level_max: MAX_LEVEL,
    message_animated_emoji_max: 100,
    reactions_uniq_max: REACTION_LIMITS.unique,
    reactions_in_chat_max: 100,
    ringtone_size_max: RINGTONE.size,
    ringtone_duration_max: RINGTONE.duration,
    ringtone_saved_count_max: RINGTONE.saved,
    pm_read_date_expire_period: 604_800,
    chat_read_mark_expire_period: 604_800,
    chat_read_mark_size_threshold: 100,
    quote_length_max: 1024,
    rich_message_posting: 'premium',
    rich_message_length_limit: ctx.app.config.limits.rich.length,
    rich_message_max_blocks: ctx.app.config.limits.rich.blocks,
    rich_message_max_depth: ctx.app.config.limits.rich.depth,
    rich_message_max_media: ctx.app.config.limits.rich.media,
    rich_message_max_table_cols: ctx.app.config.limits.rich.columns,
    community_peers_limit: COMMUNITY_PEERS,
    ephemeral_welcome_messages_max: WELCOMES,
    factcheck_length_limit: FACT_CHECK_LENGTH,
    topics_pinned_limit: 5,
    forum_upgrade_participants_min: 200,
    hidden_members_group_size_min: ctx.app.config.limits.hiddenMembers,
    poll_answers_max: POLL.answers,
    poll_countries_max: POLL.countries,
    poll_answer_delete_period: POLL.deletable,
    todo_items_max: TODO.items,
    todo_item_length_max: TODO.item,
    todo_title_length_max: TODO.title,
    small_queue_max_active_operations_count: 5,
    large_queue_max_active_operations_count: 2,
    upload_premium_speedup_upload: 1,
    upload_premium_speedup_download: 1,
    upload_premium_speedup_notify_period: 3600,
    telegram_antispam_group_size_min: ctx.app.config.limits.antispamMembers,
    telegram_antispam_user_id: String(ANTISPAM_ACCOUNT),
    authorization_autoconfirm_period: 604_800,
    ...spoken(ctx),
    emojies_animated_zoom: 0.625,
    emojies_send_dice: ['🎲', '🎯', '🏀', '⚽', '🎳', '🎰'],
    emojies_send_dice_success: {
      '🎯': { value: 6, frame_start: 62 },
      '🏀': { value: 5, frame_start: 110 },
      '⚽': { value: 5, frame_start: 110 },
      '🎳': { value: 6, frame_start: 110 },
      '🎰': { value: 64, frame_start: 110 },
    },
    keep_alive_service: true,
    background_connection: true,
    stickers_emoji_suggest_only_api: false,
    qr_login_camera: true,
    qr_login_code: 'primary',
    dialog_filters_enabled: true,
    dialog_filters_tooltip: false,
    autoarchive_setting_available: false,
    pending_suggestions: [],
    premium_purchase_blocked: true,
    premium_promo_order: [],
    premium_bot_username: '',
    premium_gift_attach_menu_icon: false,
    stories_all_hidden: true,
    stories_posting: 'disabled',
    stars_purchase_blocked: true,
    stars_paid_message_amount_max: 10_000,
    stars_suggested_post_amount_min: SUGGESTION.least,
    stars_suggested_post_amount_max: SUGGESTION.most,
    stars_suggested_post_future_min: SUGGESTION.soonest,
    stars_suggested_post_future_max: SUGGESTION.latest,
    giveaway_gifts_purchase_available: false,
    ignore_restriction_reasons: [],
    restriction_add_platforms: [],
    url_auth_domains: [],
    autologin_domains: [],
    whitelisted_domains: [],
    test: ctx.app.config.test ? 1 : 0,
  }
}

/** More than anybody has written down in a week. */
const NO_END = 1_000_000

/**
 * Clients offer translations and, to accounts without Premium, transcriptions where these say that there are some; what
 * is left out counts as none. How long a recording may be is a question of its bytes here.
 */
function spoken({ app }: Ctx): { [key: string]: Json } {
  const { translator, transcriber } = app.providers
  const translations = translator ? 'enabled' : 'disabled'
  return {
    translations_manual_enabled: translations,
    translations_auto_enabled: translations,
    transcribe_audio_trial_weekly_number: transcriber ? (app.config.limits.transcriptionTrials ?? NO_END) : 0,
    transcribe_audio_trial_duration_max: 86_400,
  }
}

/** A limit of the configuration, that of accounts with Premium beside that of the others. */
function each(ctx: Ctx, name: string, limit: PremiumLimit): { [key: string]: number } {
  return { [`${name}_default`]: ctx.app.config.limits[limit], [`${name}_premium`]: premiumLimit(ctx, limit) }
}

function both(name: string, value: number): { [key: string]: number } {
  return { [`${name}_default`]: value, [`${name}_premium`]: value }
}
